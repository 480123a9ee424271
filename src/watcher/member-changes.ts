import { isDeepStrictEqual } from 'node:util';
import { parentOfAccount } from './kept-paths.ts';
import type { KeptListName, KeptObjects } from './kept-types.ts';
import type { MemberChange } from './list-changes.ts';

/** Reads a member of an object, as JSON. */
type Members<T> = Readonly<Record<string, (object: T) => unknown>>;

const byText = (a: string | undefined, b: string | undefined): number => ((a ?? '') < (b ?? '') ? -1 : 1);

const accountMembers: Members<KeptObjects['accounts']> = {
  arn: ({ Arn }) => Arn,
  name: ({ Name }) => Name,
  email: ({ Email }) => Email,
  state: ({ State }) => State,
  status: ({ Status }) => Status,
  joinedMethod: ({ JoinedMethod }) => JoinedMethod,
  joinedTimestamp: ({ JoinedTimestamp }) => JoinedTimestamp,
  parent: parentOfAccount,
};

/** The members that an event reports, under their names in the graph. The place in the tree is the id of the parent. */
const membersOf: { readonly [L in KeptListName]?: Members<KeptObjects[L]> } = {
  accounts: accountMembers,
  organizationalUnits: {
    arn: ({ Arn }) => Arn,
    name: ({ Name }) => Name,
    parent: ({ ParentId }) => ParentId,
  },
  policies: {
    arn: ({ Arn }) => Arn,
    name: ({ Name }) => Name,
    description: ({ Description }) => Description,
    type: ({ Type }) => Type,
    awsManaged: ({ AwsManaged }) => AwsManaged,
  },
  policyContents: { content: ({ Content }) => Content },
  tags: {
    tags: ({ Tags }) => Tags.map(({ Key, Value }) => ({ key: Key, value: Value })).sort((a, b) => byText(a.key, b.key)),
  },
  delegatedAdministrators: {
    arn: ({ Arn }) => Arn,
    name: ({ Name }) => Name,
    email: ({ Email }) => Email,
    state: ({ State }) => State,
    status: ({ Status }) => Status,
    delegationEnabledDate: ({ DelegationEnabledDate }) => DelegationEnabledDate,
    delegatedServices: ({ Services }) =>
      Services.map(({ ServicePrincipal, DelegationEnabledDate }) => ({
        servicePrincipal: ServicePrincipal,
        delegationEnabledDate: toJson(DelegationEnabledDate),
      })).sort((a, b) => byText(a.servicePrincipal, b.servicePrincipal)),
  },
};

const toJson = (value: unknown): unknown => (value instanceof Date ? value.toISOString() : (value ?? null));

/** A resource without an entry in the list of tags has no tags. */
const missingObjects: { readonly [L in KeptListName]?: unknown } = { tags: { ResourceId: '', Tags: [] } };

/** The members of an object that differ; none if the object, of a list that has no empty objects, is missing. */
export function memberChanges(list: KeptListName, before: unknown, after: unknown): readonly MemberChange[] {
  const from = before ?? missingObjects[list];
  const to = after ?? missingObjects[list];
  if (from === undefined || to === undefined) return [];
  const members = Object.entries((membersOf[list] ?? {}) as Members<unknown>);
  return members.flatMap(([name, read]) => {
    const [old, now] = [toJson(read(from)), toJson(read(to))];
    return isDeepStrictEqual(old, now) ? [] : [{ name, before: old, after: now }];
  });
}
