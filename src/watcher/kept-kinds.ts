import { isDeepStrictEqual } from 'node:util';
import type { aws, WriteName } from '../upstream/index.ts';
import type { KeptDelegatedAdministrator, KeptListName, KeptObjects } from './kept-types.ts';
import { isSameObject, type Kind } from './kinds.ts';
import type { WatchedList } from './types.ts';

/** The lists of the copy that no subscription of handshakes, transfers or account creations polls. */
export type SweptListName = Exclude<KeptListName, WatchedList>;

/**
 * Whether both are equal in these members, with lists in any order. A member of `optional` that one of them lacks is
 * no difference: AWS omits it, or this gateway does not know it yet.
 */
const sameIn =
  <T>(members: readonly (keyof T)[], optional: readonly (keyof T)[] = []) =>
  (a: T, b: T): boolean =>
    members.every((member) => isSameObject(a[member], b[member])) &&
    optional.every(
      (member) => a[member] === undefined || b[member] === undefined || isSameObject(a[member], b[member]),
    );

/** AWS does not order the states of these objects, so each may follow each. None of them is final. */
const kindOf = <T>(kind: {
  readonly id: (object: T) => string | undefined;
  readonly changesLike: WriteName;
  readonly isSameVersion: (a: T, b: T) => boolean;
  readonly state?: (object: T) => string;
}): Kind<T> => ({
  state: () => '',
  progress: (from, to) => (from === to ? 0 : undefined),
  isFinal: () => false,
  isPending: (state) => state.startsWith('PENDING_'),
  expiresAt: () => undefined,
  listsOf: () => [],
  ...kind,
});

const sameServices = (a: KeptDelegatedAdministrator, b: KeptDelegatedAdministrator): boolean => {
  const datesOf = ({ Services }: KeptDelegatedAdministrator) =>
    new Map(Services.map(({ ServicePrincipal, DelegationEnabledDate }) => [ServicePrincipal, DelegationEnabledDate]));
  const [before, after] = [datesOf(a), datesOf(b)];
  return (
    before.size === after.size &&
    [...before].every(([service, date]) => {
      const other = after.get(service);
      return after.has(service) && (date === undefined || other === undefined || isDeepStrictEqual(date, other));
    })
  );
};

const sameAdministrator = sameIn<KeptDelegatedAdministrator>(
  ['Name', 'Email'],
  ['State', 'Status', 'DelegationEnabledDate'],
);

const sameAccount = sameIn<aws.Account>(
  ['Name', 'Email', 'JoinedMethod', 'JoinedTimestamp'],
  ['State', 'Status', 'Paths'],
);

const isFirst = (member: 'State' | 'Paths', before: aws.Account, after: aws.Account): boolean =>
  before[member] === undefined && after[member] !== undefined;

/** The id of a `PolicyAttachment`. */
export const attachmentId = (targetId: string, policyId: string): string =>
  // Joined, as the copy keeps many of them: a template would add the memory of a concatenation to each.
  [targetId, policyId].join('/');

const pendingTypeOf = ({ PolicyTypes = [] }: aws.Root): string =>
  PolicyTypes.find(({ Status }) => Status !== 'ENABLED')?.Status ?? '';

/** What changes mean for the objects of each list of the copy. */
export const keptKinds: { readonly [L in SweptListName]: Kind<KeptObjects[L]> } = {
  organization: kindOf({
    id: ({ Id }) => Id,
    changesLike: 'EnableAllFeatures',
    isSameVersion: sameIn<aws.Organization>(['FeatureSet', 'MasterAccountId', 'MasterAccountEmail']),
  }),
  // A policy type is PENDING_ENABLE or PENDING_DISABLE until AWS has attached or detached its policies.
  roots: kindOf({
    id: ({ Id }) => Id,
    state: pendingTypeOf,
    changesLike: 'EnablePolicyType',
    isSameVersion: sameIn<aws.Root>(['Name', 'PolicyTypes']),
  }),
  // AWS announced that replies lack `Status` from 2026-09-09 on. `State` has all of its values.
  // https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_account_state.html
  accounts: kindOf({
    id: ({ Id }) => Id,
    state: ({ State, Status }) => State ?? Status ?? '',
    changesLike: 'RemoveAccountFromOrganization',
    // Filters of subscribers read `State` and `Paths`, so that a first value may change which accounts match.
    isSameVersion: (before, after) =>
      sameAccount(before, after) && !isFirst('State', before, after) && !isFirst('Paths', before, after),
  }),
  organizationalUnits: kindOf({
    id: ({ Id }) => Id,
    changesLike: 'DeleteOrganizationalUnit',
    isSameVersion: sameIn<KeptObjects['organizationalUnits']>(['Name', 'ParentId'], ['Path']),
  }),
  policies: kindOf({
    id: ({ Id }) => Id,
    changesLike: 'UpdatePolicy',
    isSameVersion: sameIn<aws.PolicySummary>(['Name', 'Description', 'Type', 'AwsManaged']),
  }),
  policyAttachments: kindOf({
    id: ({ TargetId, PolicyId }) => attachmentId(TargetId, PolicyId),
    changesLike: 'AttachPolicy',
    isSameVersion: () => true,
  }),
  policyContents: kindOf({
    id: ({ PolicyId }) => PolicyId,
    changesLike: 'UpdatePolicy',
    isSameVersion: (a, b) => a.Content === b.Content,
  }),
  tags: kindOf({
    id: ({ ResourceId }) => ResourceId,
    changesLike: 'TagResource',
    isSameVersion: sameIn<KeptObjects['tags']>(['Tags']),
  }),
  delegatedAdministrators: kindOf({
    id: ({ Id }) => Id,
    changesLike: 'RegisterDelegatedAdministrator',
    isSameVersion: (a, b) => sameAdministrator(a, b) && sameServices(a, b),
  }),
  enabledServices: kindOf({
    id: ({ ServicePrincipal }) => ServicePrincipal,
    changesLike: 'DisableAWSServiceAccess',
    isSameVersion: sameIn<aws.EnabledServicePrincipal>([], ['DateEnabled']),
  }),
  resourcePolicy: kindOf({
    id: ({ ResourcePolicySummary }) => ResourcePolicySummary?.Id,
    changesLike: 'PutResourcePolicy',
    isSameVersion: sameIn<aws.ResourcePolicy>(['Content']),
  }),
};
