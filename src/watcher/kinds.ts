import { isDeepStrictEqual } from 'node:util';
import {
  type CreateAccountStatus,
  type Handshake,
  type Input,
  type Item,
  isNotFound,
  type ListName,
  later,
  type OperationName,
  type ResponsibilityTransfer,
  UpstreamError,
  type UpstreamSession,
  type WallMs,
  type WriteName,
} from '../upstream/index.ts';
import type { WatchedList } from './types.ts';

/** Describes a kind of object, so that the watcher can detect its changes. */
export interface Kind<T> {
  id(object: T): string | undefined;
  /** The state or status, in AWS's spelling. */
  state(object: T): string;
  /**
   * The number of steps from state `from` to `to`, negative if `to` is earlier. States only move forward, so a read
   * that shows an earlier one is stale (AWS Organizations is eventually consistent) and is ignored. Undefined if this
   * release does not know one of them.
   */
  progress(from: string, to: string): number | undefined;
  /**
   * Whether a state is the last of its object. AWS's lists drop handshakes in such a state after 30 days, which is a
   * removal from the list.
   */
  isFinal(state: string): boolean;
  /** Whether a response is pending, so that a change may come at any moment. */
  isPending(state: string): boolean;
  /** When AWS expires a pending object. */
  expiresAt(object: T): WallMs | undefined;
  /**
   * Whether both are equal in every member that AWS's operations change. Other members differ between replies to writes
   * and lists.
   */
  isSameVersion(a: T, b: T): boolean;
  /**
   * The operation with the most effects that may cause a change. A change in a list invalidates what this operation
   * would.
   */
  readonly changesLike: WriteName;
  /**
   * The lists that may hold the object, the likeliest first. `accountId` is the principal's account, if it is known.
   */
  listsOf(object: T, accountId: string | undefined): readonly WatchedList[];
}

/** Whether an object is in its final state. */
export const isEnded = <T>(kind: Kind<T>, object: T): boolean => kind.isFinal(kind.state(object));

/** `Kind.progress` between two versions of an object. */
export const progressBetween = <T>(kind: Kind<T>, from: T, to: T): number | undefined =>
  kind.progress(kind.state(from), kind.state(to));

const dateOf = (date: Date | undefined) => date?.getTime() as WallMs | undefined;

const ranked = (ranks: Readonly<Record<string, number>>) => {
  const last = Math.max(...Object.values(ranks));
  const rankOf = (state: string) => (Object.hasOwn(ranks, state) ? ranks[state] : undefined);
  return {
    progress(from: string, to: string) {
      if (from === to) return 0;
      const [before, after] = [rankOf(from), rankOf(to)];
      return before === undefined || after === undefined ? undefined : after - before;
    },
    // An unknown state counts as not final.
    isFinal: (state: string) => rankOf(state) === last,
  };
};

const sameIn =
  <T>(...members: readonly (keyof T)[]) =>
  (a: T, b: T) =>
    members.every((member) => isDeepStrictEqual(a[member], b[member]));

/** The account in an ARN: `arn:aws:organizations::<account>:handshake/…`. */
const accountOfArn = (arn: string | undefined): string | undefined => arn?.split(':')[4];

/**
 * Handshake states: ACCEPTED, CANCELED, DECLINED and EXPIRED are final (InvalidHandshakeTransitionException). The only
 * other transition is that of ENABLE_ALL_FEATURES from REQUESTED to OPEN.
 * https://docs.aws.amazon.com/organizations/latest/APIReference/API_Handshake.html
 */
export const handshakeKind: Kind<Handshake> = {
  ...ranked({ REQUESTED: 0, OPEN: 1, ACCEPTED: 2, CANCELED: 2, DECLINED: 2, EXPIRED: 2 }),
  changesLike: 'AcceptHandshake',
  id: ({ Id }) => Id,
  state: ({ State }) => State ?? '',
  isPending: (state) => state === 'REQUESTED' || state === 'OPEN',
  expiresAt: ({ ExpirationTimestamp }) => dateOf(ExpirationTimestamp),
  isSameVersion: sameIn<Handshake>('State', 'ExpirationTimestamp'),
  // A handshake's ARN has its sender's management account, and ListHandshakesForOrganization holds sent handshakes.
  listsOf: ({ Arn }, accountId) =>
    accountId === undefined || accountOfArn(Arn) === accountId
      ? ['organizationHandshakes', 'accountHandshakes']
      : ['accountHandshakes', 'organizationHandshakes'],
};

/**
 * Transfer statuses. ACCEPTED is not final: TerminateResponsibilityTransfer makes it WITHDRAWN. So a subscription to
 * one transfer continues after its acceptance, while one to its TRANSFER_RESPONSIBILITY handshake completes with it.
 * https://docs.aws.amazon.com/organizations/latest/APIReference/API_ResponsibilityTransfer.html
 */
export const responsibilityTransferKind: Kind<ResponsibilityTransfer> = {
  ...ranked({ REQUESTED: 0, ACCEPTED: 1, DECLINED: 2, CANCELED: 2, EXPIRED: 2, WITHDRAWN: 2 }),
  changesLike: 'TerminateResponsibilityTransfer',
  id: ({ Id }) => Id,
  state: ({ Status }) => Status ?? '',
  isPending: (status) => status === 'REQUESTED',
  // An invitation expires 24 hours before the start of its transfer.
  // https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/orgs_transfer_billing-respond-invitation.html
  expiresAt({ StartTimestamp }) {
    const start = dateOf(StartTimestamp);
    return start && later(start, -86_400_000);
  },
  isSameVersion: sameIn<ResponsibilityTransfer>('Status', 'Name', 'StartTimestamp', 'EndTimestamp'),
  // …:transfer/<organization>/billing/(inbound|outbound)/<id>: AWS returns the ARN of the caller's side.
  listsOf: ({ Arn }) =>
    Arn?.split('/')[3] === 'outbound'
      ? ['outboundResponsibilityTransfers', 'inboundResponsibilityTransfers']
      : ['inboundResponsibilityTransfers', 'outboundResponsibilityTransfers'],
};

/** https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateAccountStatus.html */
export const createAccountStatusKind: Kind<CreateAccountStatus> = {
  ...ranked({ IN_PROGRESS: 0, SUCCEEDED: 1, FAILED: 1 }),
  changesLike: 'CreateAccount',
  id: ({ Id }) => Id,
  state: ({ State }) => State ?? '',
  isPending: (state) => state === 'IN_PROGRESS',
  expiresAt: () => undefined,
  isSameVersion: sameIn<CreateAccountStatus>('State', 'AccountId', 'GovCloudAccountId', 'FailureReason'),
  listsOf: () => ['createAccountStatuses'],
};

/** A list, or one described object, that a poller reads. */
export interface Source<T> {
  /** Names the log in cursors: the list, or `describe:<id>`. */
  readonly name: string;
  /** The operation whose rate limit the poller shares. */
  readonly operation: OperationName;
  readonly kind: Kind<T>;
  /** Whether a run's first read does not wait for the pollers' budget, although it counts. */
  readonly isFirstReadUrgent: boolean;
  /** Reads the complete list. Rejects when any page fails. */
  read(session: UpstreamSession): Promise<readonly T[]>;
}

/** AWS's maximum page size for these lists. */
const MaxResults = 20;

const listSources = <O extends ListName>(
  kind: Kind<Item<O>>,
  input: Input<O>,
  operations: { readonly [L in WatchedList]?: O },
): readonly Source<Item<O>>[] =>
  Object.entries(operations).map(([name, operation]) => ({
    name,
    operation,
    kind,
    isFirstReadUrgent: false,
    async read(session) {
      const objects: Item<O>[] = [];
      for await (const page of session.pages(operation, input)) objects.push(...page.items);
      return objects;
    },
  }));

/** How to read one object of a kind by its id, and the lists that may hold it. */
export interface SingleSource<T> {
  readonly kind: Kind<T>;
  readonly operation: OperationName;
  readonly lists: readonly Source<T>[];
  /** Rejects with AWS's own exception when the object does not exist. */
  describe(session: UpstreamSession, id: string): Promise<T>;
}

/** Returns an object of a reply. Throws an `UpstreamError` if AWS's reply lacks it. */
export const expectObject = <T>(object: T | null | undefined, operation: OperationName): T => {
  if (object !== undefined && object !== null) return object;
  throw new UpstreamError(`The reply to ${operation} lacks the requested object. Check the endpoint.`, {
    code: 'UPSTREAM_BAD_RESPONSE',
    operation,
    retryable: false,
  });
};

export const handshakeSource: SingleSource<Handshake> = {
  kind: handshakeKind,
  operation: 'DescribeHandshake',
  lists: listSources(
    handshakeKind,
    { MaxResults },
    { organizationHandshakes: 'ListHandshakesForOrganization', accountHandshakes: 'ListHandshakesForAccount' },
  ),
  async describe(session, id) {
    const { Handshake } = await session.read('DescribeHandshake', { HandshakeId: id });
    return expectObject(Handshake, 'DescribeHandshake');
  },
};

export const responsibilityTransferSource: SingleSource<ResponsibilityTransfer> = {
  kind: responsibilityTransferKind,
  operation: 'DescribeResponsibilityTransfer',
  lists: listSources(
    responsibilityTransferKind,
    { Type: 'BILLING', MaxResults },
    {
      inboundResponsibilityTransfers: 'ListInboundResponsibilityTransfers',
      outboundResponsibilityTransfers: 'ListOutboundResponsibilityTransfers',
    },
  ),
  async describe(session, id) {
    const { ResponsibilityTransfer } = await session.read('DescribeResponsibilityTransfer', { Id: id });
    return expectObject(ResponsibilityTransfer, 'DescribeResponsibilityTransfer');
  },
};

export const createAccountStatusSource: SingleSource<CreateAccountStatus> = {
  kind: createAccountStatusKind,
  operation: 'DescribeCreateAccountStatus',
  lists: listSources(createAccountStatusKind, { MaxResults }, { createAccountStatuses: 'ListCreateAccountStatus' }),
  async describe(session, id) {
    const { CreateAccountStatus } = await session.read('DescribeCreateAccountStatus', { CreateAccountRequestId: id });
    return expectObject(CreateAccountStatus, 'DescribeCreateAccountStatus');
  },
};

export const describedName = (id: string): string => `describe:${id}`;

/** One object that no list shows, read like a list of at most one. */
export const describedSource = <T>(single: SingleSource<T>, id: string): Source<T> => ({
  name: describedName(id),
  operation: single.operation,
  kind: single.kind,
  // Many objects share the budget of one operation, and subscribers wait for the first read.
  isFirstReadUrgent: true,
  async read(session) {
    try {
      return [await single.describe(session, id)];
    } catch (error) {
      if (isNotFound(error)) return [];
      throw error;
    }
  },
});

/**
 * Whether two objects of AWS are equal. AWS documents no order for their lists (Parties, Resources, tags), so a
 * different order is no change.
 */
export const isSameObject = (a: unknown, b: unknown): boolean =>
  isDeepStrictEqual(a, b) || isDeepStrictEqual(ordered(a), ordered(b));

/** Returns a copy in which every list is sorted. */
const ordered = (value: unknown): unknown => {
  if (Array.isArray(value)) {
    const items = value.map(ordered).map((item) => ({ item, text: textOf(item) }));
    return items.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0)).map(({ item }) => item);
  }
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const members = Object.entries(value).map(([name, member]) => [name, ordered(member)] as const);
  return Object.fromEntries(members.sort(([a], [b]) => (a < b ? -1 : 1)));
};

const textOf = (value: unknown): string => JSON.stringify(value) ?? '';
