import type { Account, Quotas } from '../world/entities.ts';
import type { Organization } from '../world/organization.ts';
import { createOrganization } from '../world/organizations.ts';
import { attachDefaultPolicies } from '../world/policies.ts';
import type { World } from '../world/world.ts';

interface Options {
  readonly time: number;
  readonly id?: string;
  readonly rootId?: string;
  readonly quotas?: Partial<Quotas>;
}

/** Creates an organization with all features and SCPs enabled, as most organizations in use have them. */
export function createOrganizationWithScps(world: World, management: Account, options: Options): Organization {
  const organization = createOrganization(world, management, { ...options, featureSet: 'ALL' });
  organization.root.policyTypes.set('SERVICE_CONTROL_POLICY', { status: 'ENABLED' });
  for (const id of [organization.root.id, management.id]) attachDefaultPolicies(world, organization, id, options.time);
  return organization;
}
