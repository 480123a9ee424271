import { getCallerOrganization } from '../call.ts';
import { renderUnit } from '../render/organization.ts';
import { throwConstraintViolation } from '../service-error.ts';
import { createUnit } from '../world/organizations.ts';
import { depthOf } from '../world/tree.ts';
import { checkInitialized } from './check-initialized.ts';
import { checkParent } from './find.ts';
import type { Operation } from './operation.ts';
import { checkTags } from './tags.ts';
import { checkUnitName } from './unit-names.ts';

/** https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html */
const MAX_UNITS = 2_000;
const MAX_DEPTH = 5;

export const createOrganizationalUnit: Operation<'CreateOrganizationalUnit'> = ({ ParentId, Name, Tags }, call) => {
  const organization = getCallerOrganization(call);
  const tags = checkTags(call, organization, 'organizationalunit', Tags);
  checkInitialized(call, organization);
  checkParent(organization, ParentId);
  checkUnitName(organization, ParentId, Name);
  if (organization.units.size >= MAX_UNITS) {
    throwConstraintViolation(
      'OU_NUMBER_LIMIT_EXCEEDED',
      `Your organization already has ${MAX_UNITS} organizational units, which is the quota.`,
    );
  }
  if (depthOf(organization, ParentId) >= MAX_DEPTH) {
    throwConstraintViolation(
      'OU_DEPTH_LIMIT_EXCEEDED',
      `${ParentId} is ${MAX_DEPTH} levels below the root, the maximum depth of OUs.`,
    );
  }
  const unit = createUnit(call.world, organization, { name: Name, parentId: ParentId, time: call.now, tags });
  return { OrganizationalUnit: renderUnit(call, organization, unit) };
};
