import type { Principal } from '../principal/principal.ts';
import type { UpstreamError } from './errors.ts';
import type { Input, Item, ListName, OperationName, Output, ReadName, WriteName } from './operation-types.ts';

/** What one GraphQL operation cost, as `extensions.upstream` says it. */
export interface UpstreamCost {
  /** Calls that went over the wire, retries included. */
  calls: number;
  /** Reads answered from the principal's cache, or from what this operation had read already. */
  cached: number;
  /** Reads that joined an identical one in flight. */
  coalesced: number;
  /** Time spent waiting for the rate budget, summed over calls, in ms. */
  waitedMs: number;
}

/** One upstream page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Token of the next page; undefined on the last. An empty page may still have one. */
  readonly nextToken: string | undefined;
}

export interface SessionOptions {
  /**
   * Ends waiting and in-flight calls of this session when it fires. A write that has left is not waited for any more, but carried on:
   * AWS would act on it all the same, and the cache and the watcher must learn how it ended.
   * Looked at when something has to wait for the first time, so that it may be a getter which makes it: much is answered from memory.
   */
  readonly signal?: AbortSignal | undefined;
  /** Who asked: for principals that write in sessions named after their callers. */
  readonly callerName?: string | undefined;
  /** `interactive` (default) goes before `background` in the rate budget's queue. */
  readonly priority?: 'interactive' | 'background' | undefined;
  /** True makes every first read of this session go upstream (`Cache-Control: no-cache`); the result is cached. */
  readonly fresh?: boolean | undefined;
  /** Time that the session may wait and call in all, in ms. Default: `upstream.deadlineMs` of the configuration; Infinity = none. */
  readonly deadlineMs?: number | undefined;
  /** Told how each write of this session ended, once, even when the session itself did not wait for it. */
  readonly onWriteEnd?: ((end: WriteEnd) => void) | undefined;
  /** False: nothing read is kept in the session itself (long-lived sessions such as pollers). Default true. */
  readonly memoize?: boolean | undefined;
}

/**
 * All calls that one GraphQL operation (or one poller) makes as one principal.
 * Within a session the same read is one upstream call, whatever the cache's settings; a write of the session forgets what it may have changed.
 * Every method rejects with an `UpstreamError` (see errors.ts) and with nothing else.
 */
export interface UpstreamSession {
  readonly principal: Principal;
  readonly cost: Readonly<UpstreamCost>;
  /** What `read` would resolve with, when that is known already; undefined when it takes a call, has to be waited for, or fails. */
  known<O extends ReadName>(operation: O, input: Input<O>): Output<O> | undefined;
  /** The reply may be shared with other sessions of the principal: do not change it. */
  read<O extends ReadName>(operation: O, input: Input<O>): Promise<Output<O>>;
  /** One page of a list: `read`, with the reply's items and token taken out. */
  page<O extends ListName>(operation: O, input: Input<O>): Promise<Page<Item<O>>>;
  /** Every page of a list, in order, passing over empty ones; reads a page only when the consumer asks for it. */
  pages<O extends ListName>(operation: O, input: Input<O>): AsyncGenerator<Page<Item<O>>, void, undefined>;
  write<O extends WriteName>(operation: O, input: Input<O>): Promise<Output<O>>;
}

/** How a write ended: with `output`, or with `error`. */
export interface WriteEnd<O extends WriteName = WriteName> {
  readonly operation: O;
  readonly input: Input<O>;
  readonly output: Output<O> | undefined;
  readonly error: UpstreamError | undefined;
  /** AWS's id of the last request; undefined when none was answered. */
  readonly requestId: string | undefined;
  /** From asking for it to its end, with the wait for the rate budget and all attempts, in ms. */
  readonly durationMs: number;
}

/** A write that AWS has carried out, told to those who listen (the watcher). */
export interface CompletedWrite<O extends WriteName = WriteName> {
  readonly principal: Principal;
  readonly operation: O;
  readonly input: Input<O>;
  readonly output: Output<O>;
  /** When the call was sent and answered, in ms since the epoch by the process's monotonic-safe clock (`performance.timeOrigin + performance.now()`). */
  readonly sentAt: number;
  readonly answeredAt: number;
}

/** A rate that this process shares with others. */
export interface SharedRate {
  /**
   * Books one call. Resolves with the time that it must wait, in ms, or, when that is longer than `longestMs`, with its negative, and books nothing.
   * Never rejects: where the others cannot be asked, this process's own bucket has to do.
   */
  take(
    account: string,
    operation: OperationName,
    limit: { readonly rate: number; readonly burst: number },
    longestMs: number,
  ): Promise<number>;
}

export interface Upstream {
  session(principal: Principal, options?: SessionOptions): UpstreamSession;
  /** Calls `listener` after every successful write, before the write's own promise resolves. Returns the way to stop. */
  onWrite(listener: (write: CompletedWrite) => void): () => void;
  /**
   * Makes a principal's cache forget what this write may have changed: it was seen that somebody else has done it.
   * What is being read meanwhile counts as read before.
   */
  forget(principal: Principal, changedLikeBy: WriteName): void;
  /** The rate, in calls per second, that the budget grants an operation of this principal; Infinity when the budget is off. */
  ratePerSecond(operation: OperationName): number;
  /** Ends every waiting and in-flight call and closes the connections. */
  close(): Promise<void>;
}
