import { UpstreamError } from '../principal/upstream-error.ts';
import type { MonotonicClock } from './clock.ts';
import { type CancelReason, isFinal } from './errors.ts';
import { operations } from './operations.ts';
import { Freshness, type Version } from './read-cache.ts';
import { primedBy } from './reads.ts';
import type { OperationName, Output, Priority, ReadName, UpstreamCost, WriteEnd } from './types.ts';

/** What reads and writes depend on of their session. */
export interface SessionState {
  readonly deadline: Deadline;
  readonly priority: Priority;
  readonly fresh: boolean;
  readonly callerName: string | undefined;
  readonly cost: UpstreamCost;
  readonly onWriteEnd: ((end: WriteEnd) => void) | undefined;
}

const once = { once: true } as const;

/**
 * Ends a session when its signal fires or its time is over. Hundreds of calls of one session share one listener on the signal and one
 * timer, and both exist only while a call waits.
 */
export class Deadline {
  /** In the clock's ms; Infinity for none. */
  readonly at: number;
  readonly #clock: MonotonicClock;
  #options: { readonly signal?: AbortSignal | undefined } | undefined;
  #signal: AbortSignal | undefined;
  #onAbort: (() => void) | undefined;
  #listeners: Set<(reason: CancelReason) => void> | undefined;
  #cancelTimer: (() => void) | undefined;

  /** The signal may be a getter that creates it, so it is not read before `status`. */
  constructor(clock: MonotonicClock, ms: number, options: { readonly signal?: AbortSignal | undefined }) {
    this.#clock = clock;
    this.at = clock.monotonicMs() + ms;
    this.#options = options;
  }

  /** For work that does not wait, which the signal need not be read for. */
  get quickStatus(): CancelReason | undefined {
    if (this.#signal?.aborted) return 'aborted';
    return this.#clock.monotonicMs() >= this.at ? 'deadline' : undefined;
  }

  /** For work that may wait. */
  status(): CancelReason | undefined {
    if (this.#options !== undefined) {
      this.#signal = this.#options.signal;
      this.#options = undefined;
    }
    return this.quickStatus;
  }

  /** Calls `listener` once, when the session ends. Returns the function that removes it. Call `status` first. */
  onEnd(listener: (reason: CancelReason) => void): () => void {
    this.#listeners ??= new Set();
    const listeners = this.#listeners;
    if (listeners.size === 0) {
      if (this.#signal !== undefined) {
        // Not assigned directly: see docs/performance.md on functions that are assigned to members.
        const onAbort = (): void => this.#end('aborted');
        this.#onAbort = onAbort;
        this.#signal.addEventListener('abort', onAbort, once);
      }
      this.#cancelTimer = this.#clock.after(this.at - this.#clock.monotonicMs(), () => this.#end('deadline'));
    }
    listeners.add(listener);
    return () => {
      if (listeners.delete(listener) && listeners.size === 0) this.#stopWaiting();
    };
  }

  #end(reason: CancelReason): void {
    const listeners = [...(this.#listeners ?? [])];
    this.#listeners?.clear();
    this.#stopWaiting();
    for (const listener of listeners) listener(reason);
  }

  #stopWaiting(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (this.#onAbort !== undefined) this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#onAbort = undefined;
  }
}

export interface KnownRead {
  readonly version: Version;
  /** While the read is in flight, and after a final error. */
  readonly pending: Promise<object> | undefined;
  output: object | undefined;
  settled: boolean;
}

/** A reply that answers other reads as well. */
interface PrimingReply {
  readonly operation: OperationName;
  readonly output: object;
  readonly version: Version;
}

/** What one session has read and written, so that the same read is one call. Keys are `readKey`s. */
export class SessionCache {
  readonly #known = new Map<string, KnownRead>();
  readonly #freshness = new Freshness();
  /** By the read that they answer as well; they are unpacked when it is first asked for. */
  #unprimed: Map<ReadName, PrimingReply[]> | undefined;

  find(operation: ReadName, key: string): KnownRead | undefined {
    return this.#find(operation, key) ?? (this.#primeAll(operation) ? this.#find(operation, key) : undefined);
  }

  set(operation: ReadName, key: string, output: object): void {
    const { version } = this.#freshness;
    this.#known.set(key, { version, pending: undefined, output, settled: true });
    this.#prime(operation, output, version);
  }

  /** Keeps a read in flight, and its error if that is final. */
  setPending(operation: ReadName, key: string, pending: Promise<object>): void {
    const read: KnownRead = { version: this.#freshness.version, pending, output: undefined, settled: false };
    this.#known.set(key, read);
    pending.then(
      (output) => {
        read.settled = true;
        read.output = output;
        this.#prime(operation, output, read.version);
      },
      (error: unknown) => {
        read.settled = true;
        const final = error instanceof UpstreamError && isFinal(error);
        if (!final && this.#known.get(key) === read) this.#known.delete(key);
      },
    );
  }

  invalidate(reads: readonly ReadName[] | 'everything'): void {
    this.#freshness.invalidate(reads);
  }

  /** Keeps the reads that the reply to a write answers. */
  prime<O extends OperationName>(operation: O, output: Output<O>): void {
    this.#prime(operation, output, this.#freshness.version);
  }

  #find(operation: ReadName, key: string): KnownRead | undefined {
    const known = this.#known.get(key);
    return known !== undefined && this.#freshness.isCurrent(operation, known.version) ? known : undefined;
  }

  #prime(operation: OperationName, output: object, version: Version): void {
    const { primes } = operations[operation];
    if (primes === undefined) return;
    this.#unprimed ??= new Map();
    const replies = this.#unprimed.get(primes);
    if (replies === undefined) this.#unprimed.set(primes, [{ operation, output, version }]);
    else replies.push({ operation, output, version });
  }

  /** Returns whether there were any replies to unpack. */
  #primeAll(read: ReadName): boolean {
    const replies = this.#unprimed?.get(read);
    if (replies === undefined) return false;
    this.#unprimed?.delete(read);
    for (const { operation, output: reply, version } of replies) {
      if (!this.#freshness.isCurrent(read, version)) continue;
      for (const { key, output } of primedBy(operation, reply)) {
        // A direct read of the object stands, so that one operation sees one state of it.
        if (this.#find(read, key) !== undefined) continue;
        this.#known.set(key, { version, pending: undefined, output, settled: true });
      }
    }
    return true;
  }
}
