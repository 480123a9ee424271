import { isDeepStrictEqual } from 'node:util';
import {
  type CreateAccountStatus,
  type Handshake,
  later,
  type ResponsibilityTransfer,
  type WallMs,
  type WriteName,
} from '../upstream/index.ts';
import type { WatchedList } from './types.ts';

/** What the watcher must know of a kind of object in order to tell its changes. */
export interface Kind<T> {
  id(object: T): string | undefined;
  /** State or status, in AWS's spelling. */
  state(object: T): string;
  /**
   * How much further `to` is along the way of an object than `from`. States only move forward, so a read that shows an
   * earlier one is stale (AWS Organizations is eventually consistent) and is passed over. Undefined if either is newer than
   * this release: it may come before or after the other.
   */
  progress(from: string, to: string): number | undefined;
  /**
   * Whether a state is the last of its object. AWS's lists drop handshakes in such a state after 30 days, which is a
   * removal from the list.
   */
  isFinal(state: string): boolean;
  /** Whether an answer is awaited, so that a change may come at any moment. */
  isPending(state: string): boolean;
  /** When AWS ends a pending object by itself. */
  expiresAt(object: T): WallMs | undefined;
  /** Whether both are the same in every member that AWS's operations change: a write's reply words the rest differently from a list. */
  isSameVersion(a: T, b: T): boolean;
  /** The operation that changes most of what such a change can go with: seen in a list, it tells what else is out of date. */
  readonly changesLike: WriteName;
  /** The lists that may hold the object, the likeliest first. `accountId` is the principal's account, if it is known. */
  listsOf(object: T, accountId: string | undefined): readonly WatchedList[];
}

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
    // A state that this release does not know may be anything but the end.
    isFinal: (state: string) => rankOf(state) === last,
  };
};

const sameIn =
  <T>(...members: readonly (keyof T)[]) =>
  (a: T, b: T) =>
    members.every((member) => isDeepStrictEqual(a[member], b[member]));

/** The account in an ARN: `arn:aws:organizations::<account>:handshake/…`. */
export const accountOfArn = (arn: string | undefined): string | undefined => arn?.split(':')[4];

/**
 * Handshake states: AcceptHandshake, CancelHandshake and DeclineHandshake refuse to leave ACCEPTED, CANCELED, DECLINED and EXPIRED
 * (InvalidHandshakeTransitionException); the only other move is ENABLE_ALL_FEATURES from REQUESTED to OPEN.
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
  // A handshake's ARN names its sender's management account, and ListHandshakesForOrganization holds what was sent.
  listsOf: ({ Arn }, accountId) =>
    accountId === undefined || accountOfArn(Arn) === accountId
      ? ['organizationHandshakes', 'accountHandshakes']
      : ['accountHandshakes', 'organizationHandshakes'],
};

/**
 * Transfer statuses. ACCEPTED is no end: TerminateResponsibilityTransfer makes it WITHDRAWN. So a subscription to one transfer
 * goes on after its acceptance, while one to its TRANSFER_RESPONSIBILITY handshake completes with it.
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
  // …:transfer/<organization>/billing/(inbound|outbound)/<id>: a caller gets the ARN of its own side.
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
