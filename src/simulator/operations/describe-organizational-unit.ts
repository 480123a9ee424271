import { getCallerOrganization } from '../call.ts';
import { renderUnit } from '../render/organization.ts';
import { findUnit } from './find.ts';
import type { Operation } from './operation.ts';

export const describeOrganizationalUnit: Operation<'DescribeOrganizationalUnit'> = (input, call) => {
  const organization = getCallerOrganization(call);
  return { OrganizationalUnit: renderUnit(call, organization, findUnit(organization, input.OrganizationalUnitId)) };
};
