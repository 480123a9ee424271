import { getCallerOrganization } from '../call.ts';
import { checkParent } from './find.ts';
import type { Operation } from './operation.ts';

export const listChildren: Operation<'ListChildren'> = (input, call) => {
  const organization = getCallerOrganization(call);
  const { units, accounts } = organization.childrenOf(checkParent(organization, input.ParentId));
  const children = input.ChildType === 'ACCOUNT' ? accounts : units;
  const { items, NextToken } = call.pager.page<{ readonly id: string }, { Id: string; Type: typeof input.ChildType }>(
    call,
    input,
    (position) => children.after(position),
    ({ id }) => ({ Id: id, Type: input.ChildType }),
  );
  return { Children: items, NextToken };
};
