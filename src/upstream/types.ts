import type * as sdk from '@aws-sdk/client-organizations';
import type { Principal } from '../principal/principal.ts';
import type { UpstreamError } from '../principal/upstream-error.ts';
import type { Rate } from '../token-bucket.ts';

/** `$Command` is the SDK's base class. */
type CommandName = Exclude<Extract<keyof typeof sdk, `${string}Command`>, '$Command'>;

/** The name of an operation of AWS Organizations, as the SDK has it: `DescribeAccount`. */
export type OperationName = CommandName extends `${infer Name}Command` ? Name : never;

/** The name of an exception that AWS Organizations declares: `AccountNotFoundException`. */
export type ExceptionName = Exclude<Extract<keyof typeof sdk, `${string}Exception`>, 'OrganizationsServiceException'>;

type Command<O extends OperationName> = InstanceType<(typeof sdk)[`${O}Command`]>;

/** The request of an operation, in AWS's spelling. */
export type Input<O extends OperationName> = Command<O>['input'];

/** The reply to an operation, in AWS's spelling, without the SDK's own metadata. */
export type Output<O extends OperationName> = Omit<
  Awaited<ReturnType<ReturnType<Command<O>['resolveMiddleware']>>>['output'],
  '$metadata'
>;

/** Operations that change nothing: AWS names all of them Describe… or List…. */
export type ReadName = Extract<OperationName, `Describe${string}` | `List${string}`>;

/** Operations that change something. */
export type WriteName = Exclude<OperationName, ReadName>;

/** Reads that answer in pages, each with the token of the next. */
export type ListName = {
  [O in Extract<ReadName, `List${string}`>]: Input<O> extends { NextToken?: string | undefined } ? O : never;
}[Extract<ReadName, `List${string}`>];

/** The member of a list's reply that holds the page's items: `Accounts` of `ListAccounts`. */
export type ItemsMember<O extends ListName> = {
  [M in keyof Output<O>]-?: NonNullable<Output<O>[M]> extends readonly unknown[] ? M : never;
}[keyof Output<O>] &
  string;

/** One item of a list: `Account` of `ListAccounts`. */
export type Item<O extends ListName> = NonNullable<Output<O>[ItemsMember<O>]> extends readonly (infer T)[] ? T : never;

/** The cost of one GraphQL operation, as in `extensions.upstream`. */
export interface UpstreamCost {
  /** Calls to AWS, with retries. */
  calls: number;
  /** Reads answered from the principal's cache, or by an earlier read of the operation. */
  cached: number;
  /** Reads that joined an identical one in flight. */
  coalesced: number;
  /** Time spent waiting for the rate budget, summed over calls, in ms. */
  waitedMs: number;
  /** How old the oldest data was when it was used, in ms; 0 if AWS returned all of it to this operation. */
  ageMs: number;
}

/** Interactive calls wait before background ones. */
export type Priority = 'interactive' | 'background';

/** One upstream page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Token of the next page; undefined on the last. An empty page may still have one. */
  readonly nextToken: string | undefined;
}

export interface SessionOptions {
  /**
   * Ends waiting and in-flight calls of this session when it fires. The session no longer waits for a write that was
   * sent, which goes on: AWS would act on it all the same, and the cache and the watcher need its end. Read when a call
   * has to wait for the first time, so it may be a getter that creates it: much is answered from memory.
   */
  readonly signal?: AbortSignal | undefined;
  /** For principals that write in sessions named after their callers. */
  readonly callerName?: string | undefined;
  /** `interactive` (default) goes before `background` in the rate budget's queue. */
  readonly priority?: Priority | undefined;
  /** True makes every first read of this session go upstream (`Cache-Control: no-cache`); the result is cached. */
  readonly fresh?: boolean | undefined;
  /** Replies that are older are not used, in ms. Default: the cache's own limit. */
  readonly maxAgeMs?: number | undefined;
  /**
   * The time that the session may take, in ms. Default: `upstream.deadlineMs` of the configuration; Infinity = none.
   */
  readonly deadlineMs?: number | undefined;
  /** How much of that time is over already, in ms. */
  readonly spentMs?: number | undefined;
  /** Called once for each write of this session, even when the session did not wait for it. */
  readonly onWriteEnd?: ((end: WriteEnd) => void) | undefined;
  /** False: nothing read is kept in the session itself (long-lived sessions such as pollers). Default true. */
  readonly memoize?: boolean | undefined;
}

/**
 * All calls that one GraphQL operation (or one poller) makes as one principal. Within a session the same read is one
 * upstream call, whatever the cache's settings, until a write of the session may have changed its reply. Methods reject
 * with an `UpstreamError` only.
 */
export interface UpstreamSession {
  readonly principal: Principal;
  readonly cost: UpstreamCost;
  /** Returns the result of `read` if it is known already; undefined when `read` would wait or fail. */
  known<O extends ReadName>(operation: O, input: Input<O>): Output<O> | undefined;
  /** Like `known`, for `page`. */
  knownPage<O extends ListName>(operation: O, input: Input<O>): Page<Item<O>> | undefined;
  /** Other sessions of the principal may share the reply: do not change it. */
  read<O extends ReadName>(operation: O, input: Input<O>): Promise<Output<O>>;
  /** One page of a list: `read`, with the reply's items and token taken out. */
  page<O extends ListName>(operation: O, input: Input<O>): Promise<Page<Item<O>>>;
  /** Every page of a list, in order, passing over empty ones; reads a page only when the consumer asks for it. */
  pages<O extends ListName>(operation: O, input: Input<O>): AsyncGenerator<Page<Item<O>>, void, undefined>;
  write<O extends WriteName>(operation: O, input: Input<O>): Promise<Output<O>>;
  /**
   * The 12-digit account of a principal, by default this session's. A call to STS that it may take is bound by the
   * deadline, but is no cost of the operation.
   */
  accountId(principal?: Principal): Promise<string>;
}

/** The result of a write: `output` or `error`. */
export interface WriteEnd<O extends WriteName = WriteName> {
  readonly operation: O;
  readonly input: Input<O>;
  readonly output: Output<O> | undefined;
  readonly error: UpstreamError | undefined;
  /** AWS's id of the last request; undefined when none was answered. */
  readonly requestId: string | undefined;
  /** With the wait for the rate budget and all attempts, in ms. */
  readonly durationMs: number;
}

/** A write that AWS has carried out. */
export interface CompletedWrite<O extends WriteName = WriteName> {
  readonly principal: Principal;
  readonly operation: O;
  readonly input: Input<O>;
  readonly output: Output<O>;
  /** When the call was sent and answered, on the monotonic clock of this process, in ms. */
  readonly sentAt: number;
  readonly answeredAt: number;
  /** `SessionOptions.callerName`. */
  readonly callerName?: string | undefined;
  /** AWS's id of the request. */
  readonly requestId?: string | undefined;
}

/** The rate that replicas share. */
export interface SharedRate {
  /**
   * Books one call. Resolves with the time that it must wait, in ms, or, when that is longer than `maxWaitMs`, with its
   * negative, and books nothing. Never rejects: while the replicas are unreachable, each process keeps to its own
   * budget.
   */
  take(account: string, operation: OperationName, limit: Rate, maxWaitMs: number): Promise<number>;
}

/** The entry of a read in the shared cache. */
export interface SharedCacheEntry {
  readonly reply:
    | {
        readonly output: object;
        /** Remaining time to live, in ms. */
        readonly leftMs: number;
      }
    | undefined;
  /**
   * Stores the reply to a call that was sent after `find`, for `ttlMs` ms, unless a write may have changed it since
   * then.
   */
  store(output: object, ttlMs: number): void;
  /** Removes the shared reply, because it is out of date. */
  delete(): void;
}

/** Replies that other processes have received for the same principals. */
export interface SharedCache {
  /**
   * Resolves after a short timeout at the latest, with undefined if the cache is not available. Never rejects.
   * @param key The result of `readKey`.
   */
  find(principal: Principal, operation: ReadName, key: string): Promise<SharedCacheEntry | undefined>;
  /** Invalidates the shared replies to these reads. Never rejects. */
  invalidate(principal: Principal, reads: readonly ReadName[] | 'everything'): Promise<void>;
}

/** Other processes that read AWS as the same principals. */
export interface Replicas {
  readonly cache?: SharedCache | undefined;
  /**
   * Invalidates these reads after a write. Resolves when the shared cache and the replicas are notified, or after a
   * timeout. Never rejects.
   */
  invalidate(principal: Principal, operation: WriteName, reads: readonly ReadName[] | 'everything'): Promise<void>;
  /** Calls `listener` after a write of another process. */
  onWrite(listener: (principalName: string, operation: string) => void): void;
  /** Calls `listener` after a time in which writes of other processes may not have been reported. */
  onGap(listener: () => void): void;
}

/** A write whose outcome is unknown: AWS may have carried it out. */
export interface UncertainWrite extends Pick<CompletedWrite, 'principal' | 'operation' | 'input'> {
  readonly output?: undefined;
}

/** A call that has ended. */
export interface CallEvent {
  readonly principal: Principal;
  readonly operation: OperationName;
  /** `ok`, or the code of the `UpstreamError`. */
  readonly outcome: string;
  /** Time from the request to the reply, in ms. */
  readonly durationMs: number;
  /** Time in the rate budget's queue before it, in ms. */
  readonly waitedMs: number;
  readonly requestId: string | undefined;
}

/** The cost of an operation since the start, for all principals. */
export interface OperationStats {
  /** Calls by outcome: `ok`, or the code of the `UpstreamError`. */
  readonly calls: Readonly<Record<string, number>>;
  /** Reads answered without a call. */
  readonly cached: number;
  /** Reads that joined a call in flight. */
  readonly coalesced: number;
  /** In ms, summed over calls. */
  readonly durationMs: number;
  readonly waitedMs: number;
}

/** A promise that it returns is awaited. An error or a rejection does not fail the write. */
export type WriteListener = (write: CompletedWrite | UncertainWrite) => unknown;

export interface Upstream {
  session(principal: Principal, options?: SessionOptions): UpstreamSession;
  /**
   * Calls `listener` after every write that AWS has, or may have, carried out. The write's own promise waits for that
   * of the listener, which must be bounded. Returns the function that removes it.
   */
  onWrite(listener: WriteListener): () => void;
  /**
   * Invalidates the reads of a principal that a write like this may have changed, after such a change by others was
   * observed. Reads in flight count as earlier.
   */
  forget(principal: Principal, changedLikeBy: WriteName): void;
  /**
   * The rate, in calls per second, that the budget grants an operation of this principal; Infinity when the budget is
   * off.
   */
  ratePerSecond(operation: OperationName): number;
  /** Ends every waiting and in-flight call and closes the connections. */
  close(): Promise<void>;
}
