import type { Call } from '../call.ts';
import type * as structures from '../model/structures.ts';
import type { OrganizationalUnit } from '../world/entities.ts';
import type { Organization } from '../world/organization.ts';
import { unitPath } from '../world/tree.ts';
import { accountArn, organizationArn, rootArn, unitArn } from './arns.ts';

export function renderOrganization(call: Call, organization: Organization): structures.Organization {
  return {
    Id: organization.id,
    Arn: organizationArn(call, organization),
    FeatureSet: organization.featureSet,
    MasterAccountArn: accountArn(call, organization, organization.managementAccountId),
    MasterAccountId: organization.managementAccountId,
    MasterAccountEmail: call.world.accounts.get(organization.managementAccountId)?.email,
    // AWS documents this member as incomplete and deprecated, and returns only SCPs in it.
    AvailablePolicyTypes:
      organization.featureSet === 'ALL' ? [{ Type: 'SERVICE_CONTROL_POLICY', Status: 'ENABLED' }] : [],
  };
}

export function renderRoot(call: Call, organization: Organization): structures.Root {
  return {
    Id: organization.root.id,
    Arn: rootArn(call, organization),
    Name: organization.root.name,
    PolicyTypes: [...organization.root.policyTypes].map(([Type, { status }]) => ({ Type, Status: status })),
  };
}

export function renderUnit(
  call: Call,
  organization: Organization,
  unit: OrganizationalUnit,
): structures.OrganizationalUnit {
  return {
    Id: unit.id,
    Arn: unitArn(call, organization, unit.id),
    Name: unit.name,
    Path: unitPath(organization, unit.id),
  };
}
