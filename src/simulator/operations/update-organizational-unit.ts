import { getCallerOrganization } from '../call.ts';
import { renderUnit } from '../render/organization.ts';
import { findUnit } from './find.ts';
import type { Operation } from './operation.ts';
import { checkUnitName } from './unit-names.ts';

export const updateOrganizationalUnit: Operation<'UpdateOrganizationalUnit'> = (input, call) => {
  const organization = getCallerOrganization(call);
  const unit = findUnit(organization, input.OrganizationalUnitId);
  if (input.Name !== undefined) {
    checkUnitName(organization, unit.parentId, input.Name, unit.id);
    unit.name = input.Name;
  }
  return { OrganizationalUnit: renderUnit(call, organization, unit) };
};
