import { callersOrganization } from '../call.ts';
import { listed } from '../paging/pager.ts';
import { renderRoot } from '../render/organization.ts';
import type { Operation } from './operation.ts';

export const listRoots: Operation<'ListRoots'> = (input, call) => {
  const organization = callersOrganization(call);
  const { items, NextToken } = call.pager.page(call, input, listed([organization]), (one) => renderRoot(call, one));
  return { Roots: items, NextToken };
};
