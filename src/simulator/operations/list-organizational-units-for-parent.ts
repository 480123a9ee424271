import { getCallerOrganization } from '../call.ts';
import { renderUnit } from '../render/organization.ts';
import { checkParent } from './find.ts';
import type { Operation } from './operation.ts';

export const listOrganizationalUnitsForParent: Operation<'ListOrganizationalUnitsForParent'> = (input, call) => {
  const organization = getCallerOrganization(call);
  const { units } = organization.childrenOf(checkParent(organization, input.ParentId));
  const { items, NextToken } = call.pager.page(
    call,
    input,
    (position) => units.after(position),
    (unit) => renderUnit(call, organization, unit),
  );
  return { OrganizationalUnits: items, NextToken };
};
