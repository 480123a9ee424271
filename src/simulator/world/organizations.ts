import type { OrganizationFeatureSet } from '../model/enums.ts';
import type { Account, OrganizationalUnit, Quotas, Tags } from './entities.ts';
import { completeHandshake, isPending } from './handshakes.ts';
import { joinOrganization, leaveOrganization } from './membership.ts';
import { Organization } from './organization.ts';
import { addManagedPolicies, attachDefaultPolicies, detachAll } from './policies.ts';
import type { World } from './world.ts';

/**
 * Creates an organization without enabled policy types. Terraform's acceptance tests, which run against AWS, find
 * `PolicyTypes: []`, although the API reference says that SCPs are enabled.
 * https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/organizations/organization_test.go
 */
export function createOrganization(
  world: World,
  management: Account,
  options: {
    readonly featureSet: OrganizationFeatureSet;
    readonly time: number;
    readonly id?: string;
    readonly rootId?: string;
    readonly quotas?: Partial<Quotas>;
  },
): Organization {
  const organization = new Organization({
    id: options.id ?? world.ids.organization(),
    managementAccountId: management.id,
    featureSet: options.featureSet,
    createdAt: options.time,
    root: { id: options.rootId ?? world.ids.root(), name: 'Root', tags: new Map(), policyTypes: new Map() },
    quotas: { ...world.settings.quotas, ...options.quotas },
  });
  world.organizations.set(organization.id, organization);
  if (organization.featureSet === 'ALL') {
    addManagedPolicies(world, organization, options.time);
  }
  joinOrganization(world, management, organization, { method: 'INVITED', time: options.time });
  return organization;
}

/** Deletes an organization and cancels its pending handshakes. */
export function deleteOrganization(world: World, management: Account, organization: Organization, time: number): void {
  for (const handshake of [...organization.sentHandshakes.values()]) {
    if (isPending(handshake)) completeHandshake(world, handshake, 'CANCELED', time);
  }
  leaveOrganization(world, management, organization, time);
  world.organizations.delete(organization.id);
}

export interface NewUnit {
  readonly name: string;
  readonly parentId: string;
  readonly tags?: Tags;
  readonly id?: string;
}

/** Creates an OU and attaches AWS's default policies to it. */
export function createUnit(
  world: World,
  organization: Organization,
  unit: NewUnit & { readonly time: number },
): OrganizationalUnit {
  const created = addUnit(world, organization, unit);
  attachDefaultPolicies(world, organization, created.id, unit.time);
  return created;
}

export function addUnit(world: World, organization: Organization, unit: NewUnit): OrganizationalUnit {
  const created: OrganizationalUnit = {
    id: unit.id ?? world.ids.organizationalUnit(organization.root.id),
    name: unit.name,
    parentId: unit.parentId,
    position: world.ids.position(),
    tags: unit.tags ?? new Map(),
  };
  organization.units.add(created.id, created.position, created);
  organization.childrenOf(created.parentId).units.add(created.id, created.position, created);
  return created;
}

export function deleteUnit(organization: Organization, unit: OrganizationalUnit): void {
  detachAll(organization, unit.id);
  organization.units.delete(unit.id);
  organization.childrenOf(unit.parentId).units.delete(unit.id);
  organization.deleteChildren(unit.id);
}
