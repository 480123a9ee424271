import type { ReadName, UncertainWrite, WriteName } from '../upstream/index.ts';
import { idsOfEvent } from './event-ids.ts';
import { readsWith } from './kept-hints.ts';
import { readTargets } from './kept-reads.ts';
import { allLists, defaultPolicyIds } from './kept-writes.ts';
import { watchedLists } from './known-lists.ts';
import { organizationEvents } from './organization-events.ts';
import type { KnownLists, PartialRead, RequestedRead } from './sweep-types.ts';
import type { EventIds, WatchedList } from './types.ts';

type Write = Pick<UncertainWrite, 'operation' | 'input'>;

const handshakes = ['ListHandshakesForOrganization', 'ListHandshakesForAccount'] as const;
const transfers = ['ListInboundResponsibilityTransfers', 'ListOutboundResponsibilityTransfers'] as const;

/**
 * The operations that show whether a write was carried out, where the event of its success has too few for a reply that
 * is lost. `everything`: the principal may be in another organization, or in none.
 */
const readsByWrite: { readonly [O in WriteName]?: readonly ReadName[] | 'everything' } = {
  CreateOrganization: 'everything',
  DeleteOrganization: 'everything',
  LeaveOrganization: 'everything',
  AcceptHandshake: 'everything',
  CancelHandshake: [...handshakes, ...transfers],
  DeclineHandshake: [...handshakes, ...transfers],
  UpdateResponsibilityTransfer: transfers,
  CloseAccount: ['DescribeAccount', 'ListDelegatedServicesForAccount'],
  RemoveAccountFromOrganization: [
    'DescribeAccount',
    'ListPoliciesForTarget',
    'ListTagsForResource',
    'ListDelegatedServicesForAccount',
    ...handshakes,
  ],
  // The id of a new unit is not known, so that its parent's units show it. Tags: see `readsOfUncertainWrite`.
  CreateOrganizationalUnit: ['DescribeOrganizationalUnit'],
  DeleteOrganizationalUnit: ['DescribeOrganizationalUnit', 'ListPoliciesForTarget', 'ListTagsForResource'],
  DeletePolicy: ['DescribePolicy', 'ListTagsForResource'],
  DeleteResourcePolicy: ['DescribeResourcePolicy', 'ListTagsForResource'],
};

const isWatched = (list: string): list is WatchedList => (watchedLists as readonly string[]).includes(list);

/**
 * The reads of the copy that show whether AWS has carried out a write whose reply is lost. Until then their lists may
 * be out of date.
 */
export const readsOfUncertainWrite = ({ operation, input }: Write, lists: KnownLists): readonly RequestedRead[] => {
  const operations = readsByWrite[operation] ?? organizationEvents.get(operation)?.reads ?? [];
  if (operations === 'everything') return [...allLists, ...watchedLists.map((list) => ({ list, part: undefined }))];
  const reads = readsWith(operations, idsOf({ operation, input }, lists), lists);
  return operation === 'CreateOrganizationalUnit' ? [...reads, ...readsOfNewUnit(input, lists)] : reads;
};

/** The ids in the request. That of a resource policy names none, as there is one at most. */
const idsOf = ({ operation, input }: Write, lists: KnownLists): EventIds =>
  operation === 'DeleteResourcePolicy'
    ? { resourcePolicy: [...lists.objects('resourcePolicy').keys()] }
    : idsOfEvent(operation, { requestParameters: input });

/** A new unit has AWS's own policies. Conditions on tags find it only if its tags are known. */
const readsOfNewUnit = (input: Write['input'], lists: KnownLists): readonly RequestedRead[] => [
  ...defaultPolicyIds(lists).map((id) => ({
    list: 'policyAttachments' as const,
    part: readTargets(id) as PartialRead<unknown>,
  })),
  ...('Tags' in input && (input.Tags ?? []).length > 0 ? [{ list: 'tags' as const, part: undefined }] : []),
];

/** The watched lists that a write may have changed whose reply is lost. */
export const watchedListsOf = (write: Write): readonly WatchedList[] => {
  const nothingKnown: KnownLists = { objects: () => new Map(), isComplete: () => false };
  return readsOfUncertainWrite(write, nothingKnown).flatMap(({ list }) => (isWatched(list) ? list : []));
};
