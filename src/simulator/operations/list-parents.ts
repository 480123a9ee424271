import { callersOrganization } from '../call.ts';
import { listed } from '../paging/pager.ts';
import { refuse } from '../service-error.ts';
import type { Operation } from './operation.ts';

/** An account or OU has exactly one parent; AWS returns it as a list. */
export const listParents: Operation<'ListParents'> = (input, call) => {
  const organization = callersOrganization(call);
  const { ChildId } = input;
  const parentId =
    organization.units.get(ChildId)?.parentId ??
    organization.members.get(ChildId)?.membership?.parentId ??
    refuse('ChildNotFoundException', `There is no organizational unit or account ${ChildId} in your organization.`);
  const Type = parentId === organization.root.id ? 'ROOT' : 'ORGANIZATIONAL_UNIT';
  const { items, NextToken } = call.pager.page(
    call,
    input,
    listed([{ Id: parentId, Type } as const]),
    (parent) => parent,
  );
  return { Parents: items, NextToken };
};
