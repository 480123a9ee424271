import type { Principal } from '../principal/principal.ts';
import {
  type Clock,
  type CompletedWrite,
  type CreateAccountStatus,
  type Handshake,
  type HandshakeResource,
  later,
  type MonotonicMs,
  type ResponsibilityTransfer,
  type UncertainWrite,
  type WriteName,
} from '../upstream/index.ts';
import type { ChangeCause } from './history/history-types.ts';
import { describedName, type Kind, progressBetween, responsibilityTransferKind } from './kinds.ts';
import { type Now, settleMs } from './list-state.ts';
import type { WatchedList } from './types.ts';
import { watchedListsOf } from './uncertain-writes.ts';

/** The members of replies to writes that hold watched objects, in AWS's spelling. */
interface Reply {
  readonly Handshake?: Handshake | undefined;
  readonly ResponsibilityTransfer?: ResponsibilityTransfer | undefined;
  readonly CreateAccountStatus?: CreateAccountStatus | undefined;
}

/** The effect of a write on watched lists. */
export interface WriteEffect extends Reply {
  /** The writing principal's list that holds the object in the reply, even if the object is new. */
  readonly home: WatchedList | undefined;
  /** Other lists of the writing principal that the write may have changed, and that are polled at once. */
  readonly listsToPoll: readonly WatchedList[];
  /** Objects that other principals may watch: their pollers poll now, and receive nothing else. */
  readonly ids: readonly string[];
  /** The account that was invited, if the write is an invitation to an account. */
  readonly invitedAccountId: string | undefined;
}

/** A write of this process, or of another that shares the logs. */
export interface AppliedWrite {
  /** The name of the writing principal. */
  readonly principal: string;
  /** The time from request to reply, in ms. */
  readonly tookMs: number;
  readonly effect: WriteEffect;
  /** The caller and the request. A replica of an earlier version sends none. */
  readonly cause?: ChangeCause | undefined;
}

const handshakeLists = ['organizationHandshakes', 'accountHandshakes'] as const;
const transferLists = ['inboundResponsibilityTransfers', 'outboundResponsibilityTransfers'] as const;

/** The lists that a handshake's transitions change, beside the one that holds it. */
const listsByAction: Readonly<Record<string, readonly WatchedList[]>> = {
  // The transfer takes the state of its handshake.
  TRANSFER_RESPONSIBILITY: transferLists,
  // Starting it cancels open invitations and asks the members; canceling it cancels what it asked.
  // https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_org_support-all-features.html
  ENABLE_ALL_FEATURES: handshakeLists,
  // The last approval opens the parent handshake.
  APPROVE_ALL_FEATURES: handshakeLists,
  ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE: handshakeLists,
};

/** Writes whose replies hold no watched object, although they may change some. */
const listsByOperation: { readonly [O in WriteName]?: readonly WatchedList[] } = {
  CreateOrganization: [...handshakeLists, ...transferLists],
  DeleteOrganization: [...handshakeLists, ...transferLists],
  LeaveOrganization: handshakeLists,
  RemoveAccountFromOrganization: handshakeLists,
};

/**
 * The recipient accepts or declines a handshake; the sender makes all other writes. ENABLE_ALL_FEATURES has no
 * recipient.
 */
const homeOf = (operation: WriteName, { Action }: Handshake): WatchedList =>
  (operation === 'AcceptHandshake' || operation === 'DeclineHandshake') && Action !== 'ENABLE_ALL_FEATURES'
    ? 'accountHandshakes'
    : 'organizationHandshakes';

const transferIdsIn = (resources: readonly HandshakeResource[] = []): string[] =>
  resources.flatMap(({ Type, Value }) => (Type === 'RESPONSIBILITY_TRANSFER' && Value !== undefined ? [Value] : []));

const isWrite = <O extends WriteName>(
  write: CompletedWrite,
  operation: O,
): write is CompletedWrite & CompletedWrite<O> => write.operation === operation;

const invitedAccount = (write: CompletedWrite): string | undefined => {
  const invites =
    isWrite(write, 'InviteAccountToOrganization') || isWrite(write, 'InviteOrganizationToTransferResponsibility');
  if (!invites) return undefined;
  const { Target } = write.input;
  return Target?.Type === 'ACCOUNT' ? Target.Id : undefined;
};

const noEffect = { home: undefined, listsToPoll: [], ids: [], invitedAccountId: undefined } as const;

/** Returns the effect of a write on the watched lists; undefined if there is none. */
export const effectOf = (write: CompletedWrite | UncertainWrite): WriteEffect | undefined => {
  if (write.output === undefined) {
    const listsToPoll = watchedListsOf(write);
    return listsToPoll.length === 0 ? undefined : { ...noEffect, listsToPoll };
  }
  const { Handshake, ResponsibilityTransfer, CreateAccountStatus }: Reply = write.output;
  if (Handshake !== undefined) {
    const { Id, Action, Resources } = Handshake;
    return {
      Handshake,
      home: homeOf(write.operation, Handshake),
      listsToPoll: listsByAction[Action ?? ''] ?? [],
      ids: [...(Id === undefined ? [] : [Id]), ...transferIdsIn(Resources)],
      invitedAccountId: invitedAccount(write),
    };
  }
  if (ResponsibilityTransfer !== undefined) {
    const { Id } = ResponsibilityTransfer;
    const [home] = responsibilityTransferKind.listsOf(ResponsibilityTransfer, undefined);
    return { ...noEffect, ResponsibilityTransfer, home, ids: Id === undefined ? [] : [Id] };
  }
  if (CreateAccountStatus !== undefined) return { ...noEffect, CreateAccountStatus, home: 'createAccountStatuses' };
  const listsToPoll = listsByOperation[write.operation];
  return listsToPoll === undefined ? undefined : { ...noEffect, listsToPoll };
};

/** The reply to an own write of the gateway. */
export interface RecentWrite<T> {
  readonly object: T;
  /** The list that holds the object, if known. */
  readonly home: WatchedList | undefined;
  readonly sentAt: MonotonicMs;
  readonly at: Now;
  readonly cause?: ChangeCause | undefined;
}

interface Entry<T> {
  readonly principal: string;
  readonly id: string;
  readonly at: MonotonicMs;
  /**
   * Undefined if the write's reply has only the object's id, or if another change happened at the same time: AWS may
   * have carried out either first, so that only a read shows the state.
   */
  readonly write: RecentWrite<T> | undefined;
}

/** The maximum number of writes that are kept; the oldest are dropped first. */
const maxEntries = 10_000;

/**
 * The gateway's own writes of the last `settleMs`, whether or not their lists were watched then:
 * until AWS's reads have caught up, only the gateway knows what it has created.
 */
export class RecentWrites<T> {
  readonly #clock: Clock;
  readonly #kind: Kind<T>;
  /** By principal and id, the oldest first. */
  readonly #entries = new Map<string, Entry<T>>();

  constructor(clock: Clock, kind: Kind<T>) {
    this.#clock = clock;
    this.#kind = kind;
  }

  /** Adds a write whose reply lacks the object's state. The state of an earlier write stays. */
  addId(principal: string, id: string): void {
    this.#set(principal, id, this.#recent(principal, id)?.write);
  }

  /** `isLast`: whether no other change can have come after it. */
  add(principal: string, id: string, write: RecentWrite<T>, isLast: boolean): void {
    const earlier = this.#recent(principal, id)?.write;
    const isSequential = earlier === undefined || earlier.at.monotonic < write.sentAt;
    this.#set(principal, id, isSequential && isLast ? write : this.#laterOf(earlier, write));
  }

  /** Returns the write with the later state; undefined if the order is unknown. */
  #laterOf(earlier: RecentWrite<T> | undefined, write: RecentWrite<T>): RecentWrite<T> | undefined {
    if (earlier === undefined) return undefined;
    const steps = progressBetween(this.#kind, earlier.object, write.object) ?? 0;
    if (steps === 0) return undefined;
    return steps > 0 ? write : earlier;
  }

  #set(principal: string, id: string, write: RecentWrite<T> | undefined): void {
    const key = keyOf(principal, id);
    this.#entries.delete(key);
    this.#entries.set(key, { principal, id, at: this.#clock.monotonicMs(), write });
    if (this.#entries.size <= maxEntries) return;
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest);
      break;
    }
  }

  /** Whether AWS's reads may not show a recent write of this principal yet. */
  has({ name }: Principal, id: string): boolean {
    return this.#recent(name, id) !== undefined;
  }

  get({ name }: Principal, id: string): RecentWrite<T> | undefined {
    return this.#recent(name, id)?.write;
  }

  /** Returns the writes to objects of the log with this name, the oldest first. */
  ofLog({ name }: Principal, log: string): readonly RecentWrite<T>[] {
    this.#forgetOld();
    const writes: RecentWrite<T>[] = [];
    for (const { principal, id, write } of this.#entries.values()) {
      if (write !== undefined && principal === name && (write.home === log || describedName(id) === log)) {
        writes.push(write);
      }
    }
    return writes;
  }

  #recent(principal: string, id: string): Entry<T> | undefined {
    this.#forgetOld();
    return this.#entries.get(keyOf(principal, id));
  }

  #forgetOld(): void {
    const now = this.#clock.monotonicMs();
    for (const [key, { at }] of this.#entries) {
      if (now < later(at, settleMs)) return;
      this.#entries.delete(key);
    }
  }
}

const keyOf = (principal: string, id: string) => `${principal}|${id}`;
