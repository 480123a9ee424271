import { getCallerOrganization } from '../call.ts';
import { arraySource } from '../paging/pager.ts';
import { throwException } from '../service-error.ts';
import type { Operation } from './operation.ts';

/** An account or OU has exactly one parent; AWS returns it as a list. */
export const listParents: Operation<'ListParents'> = (input, call) => {
  const organization = getCallerOrganization(call);
  const { ChildId } = input;
  const parentId =
    organization.units.get(ChildId)?.parentId ??
    organization.members.get(ChildId)?.membership?.parentId ??
    throwException(
      'ChildNotFoundException',
      `There is no organizational unit or account ${ChildId} in your organization.`,
    );
  const Type = parentId === organization.root.id ? 'ROOT' : 'ORGANIZATIONAL_UNIT';
  const { items, NextToken } = call.pager.page(
    call,
    input,
    arraySource([{ Id: parentId, Type } as const]),
    (parent) => parent,
  );
  return { Parents: items, NextToken };
};
