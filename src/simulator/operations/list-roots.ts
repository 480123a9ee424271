import { getCallerOrganization } from '../call.ts';
import { arraySource } from '../paging/pager.ts';
import { renderRoot } from '../render/organization.ts';
import type { Operation } from './operation.ts';

export const listRoots: Operation<'ListRoots'> = (input, call) => {
  const organization = getCallerOrganization(call);
  const { items, NextToken } = call.pager.page(call, input, arraySource([organization]), (one) =>
    renderRoot(call, one),
  );
  return { Roots: items, NextToken };
};
