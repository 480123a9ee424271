import { isDeepStrictEqual } from 'node:util';
import type { Handshake, ResponsibilityTransfer } from '../upstream/index.ts';
import { parentOfAccount } from './kept-paths.ts';
import type { KeptListName, KeptObjects } from './kept-types.ts';
import type { MemberChange } from './member-change.ts';

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

const transferMembers: Members<ResponsibilityTransfer> = {
  arn: ({ Arn }) => Arn,
  name: ({ Name }) => Name,
  type: ({ Type }) => Type,
  status: ({ Status }) => Status,
  startTimestamp: ({ StartTimestamp }) => StartTimestamp,
  endTimestamp: ({ EndTimestamp }) => EndTimestamp,
};

const handshakeMembers: Members<Handshake> = {
  arn: ({ Arn }) => Arn,
  action: ({ Action }) => Action,
  state: ({ State }) => State,
  requestedTimestamp: ({ RequestedTimestamp }) => RequestedTimestamp,
  expirationTimestamp: ({ ExpirationTimestamp }) => ExpirationTimestamp,
};

/**
 * The members that events and the history report, under their names in the graph. The place in the tree is the id of
 * the parent.
 */
const membersOf: { readonly [L in KeptListName]?: Members<KeptObjects[L]> } = {
  organization: {
    arn: ({ Arn }) => Arn,
    featureSet: ({ FeatureSet }) => FeatureSet,
    masterAccountId: ({ MasterAccountId }) => MasterAccountId,
    masterAccountArn: ({ MasterAccountArn }) => MasterAccountArn,
    masterAccountEmail: ({ MasterAccountEmail }) => MasterAccountEmail,
  },
  roots: {
    arn: ({ Arn }) => Arn,
    name: ({ Name }) => Name,
    policyTypes: ({ PolicyTypes = [] }) =>
      PolicyTypes.map(({ Type, Status }) => ({ type: Type, status: Status })).sort((a, b) => byText(a.type, b.type)),
  },
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
  policyAttachments: { policy: ({ PolicyId }) => PolicyId },
  enabledServices: {
    servicePrincipal: ({ ServicePrincipal }) => ServicePrincipal,
    dateEnabled: ({ DateEnabled }) => DateEnabled,
  },
  resourcePolicy: {
    arn: ({ ResourcePolicySummary }) => ResourcePolicySummary?.Arn,
    content: ({ Content }) => Content,
  },
  organizationHandshakes: handshakeMembers,
  accountHandshakes: handshakeMembers,
  inboundResponsibilityTransfers: transferMembers,
  outboundResponsibilityTransfers: transferMembers,
  createAccountStatuses: {
    accountName: ({ AccountName }) => AccountName,
    state: ({ State }) => State,
    accountId: ({ AccountId }) => AccountId,
    govCloudAccountId: ({ GovCloudAccountId }) => GovCloudAccountId,
    failureReason: ({ FailureReason }) => FailureReason,
    requestedTimestamp: ({ RequestedTimestamp }) => RequestedTimestamp,
    completedTimestamp: ({ CompletedTimestamp }) => CompletedTimestamp,
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
  return differingMembers(list, from, to);
}

/** The members of a new object, or of one that is gone. */
export function presentMembers(
  list: KeptListName,
  object: unknown,
  kind: 'ADDED' | 'REMOVED',
): readonly MemberChange[] {
  return kind === 'ADDED' ? differingMembers(list, undefined, object) : differingMembers(list, object, undefined);
}

/** A missing object has no member. */
function differingMembers(list: KeptListName, from: unknown, to: unknown): readonly MemberChange[] {
  const members = Object.entries((membersOf[list] ?? {}) as Members<unknown>);
  const valueIn = (object: unknown, read: Members<unknown>[string]) =>
    object === undefined ? null : toJson(read(object));
  return members.flatMap(([name, read]) => {
    const [old, now] = [valueIn(from, read), valueIn(to, read)];
    return isDeepStrictEqual(old, now) ? [] : [{ name, before: old, after: now }];
  });
}
