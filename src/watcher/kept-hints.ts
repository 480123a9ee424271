import type { aws, ReadName } from '../upstream/index.ts';
import { readAdministrator, readAdministrators, readAdministratorsOf } from './kept-delegations.ts';
import {
  readAccount,
  readAccounts,
  readContent,
  readEnabledServices,
  readOrganization,
  readPolicies,
  readPoliciesOf,
  readPolicy,
  readResourcePolicy,
  readRoots,
  readTags,
  readTargets,
  readTypeAttachments,
  readUnit,
  readUnitsBelow,
} from './kept-reads.ts';
import type { KeptListName } from './kept-types.ts';
import { enabledPolicyTypes, isPolicyType, listOfResource } from './known-lists.ts';
import { organizationEvents } from './organization-events.ts';
import type { KnownLists, PartialRead, RequestedRead } from './sweep-types.ts';
import type { EventIds, Hint } from './types.ts';

type ReadsOf = (ids: EventIds, lists: KnownLists) => readonly RequestedRead[];

const request = <T>(list: KeptListName, part: PartialRead<T>): RequestedRead => ({
  list,
  part: part as PartialRead<unknown>,
});

/** The lists that pollers read completely. */
const wholeList =
  (list: KeptListName): ReadsOf =>
  () => [{ list, part: undefined }];

/** The type of each policy; all enabled types where a policy is not known. */
const policyTypesOf = (policyIds: readonly string[], lists: KnownLists): readonly aws.PolicyType[] => {
  const types = policyIds.map((id) => lists.objects('policies').get(id)?.object.Type);
  const isKnown = types.length > 0 && !types.includes(undefined);
  return isKnown ? [...new Set(types.filter((type) => type !== undefined))] : enabledPolicyTypes(lists);
};

const policyIdsOfType = (type: aws.PolicyType, lists: KnownLists): readonly string[] =>
  [...lists.objects('policies')].filter(([, { object }]) => object.Type === type).map(([id]) => id);

const typesIn = ({ policyType = [] }: EventIds) => policyType.filter(isPolicyType);

const readsByOperation: { readonly [O in ReadName]?: ReadsOf } = {
  DescribeOrganization: () => [request('organization', readOrganization())],
  ListRoots: () => [request('roots', readRoots())],
  DescribeAccount: ({ account = [] }, lists) =>
    account.length === 0
      ? [request('accounts', readAccounts())]
      : account.map((id) => request('accounts', readAccount(lists, id))),
  DescribeOrganizationalUnit: ({ organizationalUnit = [], parent = [] }, lists) =>
    organizationalUnit.length === 0
      ? parent.map((id) => request('organizationalUnits', readUnitsBelow(id)))
      : organizationalUnit.map((id) => request('organizationalUnits', readUnit(lists, id))),
  DescribePolicy: (ids, lists) =>
    ids.policy === undefined
      ? typesIn(ids).map((type) => request('policies', readPolicies(type)))
      : ids.policy.flatMap((id) => [
          request('policies', readPolicy(lists, id)),
          request('policyContents', readContent(lists, id)),
        ]),
  ListPolicies: (ids) => typesIn(ids).map((type) => request('policies', readPolicies(type))),
  ListPoliciesForTarget: ({ target, account = [], organizationalUnit = [], policy = [] }, lists) =>
    (target ?? [...account, ...organizationalUnit]).flatMap((id) =>
      policyTypesOf(policy, lists).map((type) => request('policyAttachments', readPoliciesOf(lists, id, type))),
    ),
  // A type that was not enabled has no known policies.
  ListTargetsForPolicy: (ids, lists) =>
    typesIn(ids).flatMap((type) => {
      const policyIds = policyIdsOfType(type, lists);
      return policyIds.length === 0
        ? [request('policyAttachments', readTypeAttachments(lists, type))]
        : policyIds.map((id) => request('policyAttachments', readTargets(id)));
    }),
  ListTagsForResource: ({ resource, account = [], organizationalUnit = [], policy = [], resourcePolicy = [] }, lists) =>
    (resource ?? [...account, ...organizationalUnit, ...policy, ...resourcePolicy])
      .filter((id) => listOfResource(id) !== undefined)
      .map((id) => request('tags', readTags(lists, id))),
  // The services of an account are read with it.
  ListDelegatedAdministrators: ({ account = [], service = [] }, lists) => {
    if (account.length > 0) return [];
    const parts = service.map((name) => readAdministratorsOf(lists, name));
    return (parts.length === 0 ? [readAdministrators()] : parts).map((part) =>
      request('delegatedAdministrators', part),
    );
  },
  ListDelegatedServicesForAccount: ({ account = [] }) =>
    account.map((id) => request('delegatedAdministrators', readAdministrator(id))),
  ListAWSServiceAccessForOrganization: () => [request('enabledServices', readEnabledServices())],
  DescribeResourcePolicy: () => [request('resourcePolicy', readResourcePolicy())],
  ListCreateAccountStatus: wholeList('createAccountStatuses'),
  ListHandshakesForAccount: wholeList('accountHandshakes'),
  ListHandshakesForOrganization: wholeList('organizationHandshakes'),
  ListInboundResponsibilityTransfers: wholeList('inboundResponsibilityTransfers'),
  ListOutboundResponsibilityTransfers: wholeList('outboundResponsibilityTransfers'),
};

/**
 * The reads of the copy that these operations make, in their order. Operations whose results are not kept make none.
 */
export const readsWith = (
  operations: readonly ReadName[],
  ids: EventIds,
  lists: KnownLists,
): readonly RequestedRead[] => operations.flatMap((operation) => readsByOperation[operation]?.(ids, lists) ?? []);

/** The reads that show what an event has changed; none for unknown events. */
export const readsOfHint = ({ eventName, ids = {} }: Hint, lists: KnownLists): readonly RequestedRead[] =>
  readsWith(organizationEvents.get(eventName)?.reads ?? [], ids, lists);
