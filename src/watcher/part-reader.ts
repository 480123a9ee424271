import type { Principal } from '../principal/principal.ts';
import {
  type Clock,
  type ListName,
  type MonotonicMs,
  type OperationName,
  PageTokens,
  type Upstream,
  UpstreamError,
  type WallMs,
} from '../upstream/index.ts';
import type { CallCost, CallPacers } from './call-pacer.ts';
import type { FaultReporter } from './context.ts';
import { isRefusal } from './errors.ts';
import type { PartialRead } from './sweep-types.ts';

export interface PartReaderOptions {
  readonly upstream: Upstream;
  readonly clock: Clock;
  /** Returns a number from 0 to below 1. */
  readonly random: () => number;
  readonly faults: Pick<FaultReporter, 'report'>;
  readonly principal: Principal;
  readonly pacers: CallPacers;
  /** The share of each operation's rate, 0 to 1. */
  readonly share: number;
  /** Called after each page: with an error, it is retried unless it is a refusal. */
  readonly onReply: (error: UpstreamError | undefined) => void;
}

export interface PartPage<T> {
  readonly objects: readonly T[];
  readonly nextToken: string | undefined;
  readonly operation: OperationName;
  /** When its call was granted; AWS may have received it later. */
  readonly sentAt: MonotonicMs;
  readonly sentOn: WallMs;
  /** Calls that it took, with failed ones. */
  readonly calls: number;
}

export interface ReadOptions<T> {
  /** See `callPriorities`. */
  readonly priority: number;
  readonly signal: AbortSignal;
  /** Where to continue; undefined for the first page. */
  readonly token?: string | undefined;
  /** The next page is read after it resolves. */
  readonly onPage: (page: PartPage<T>) => Promise<void> | void;
}

/** A call that has a slot. `calls`: the number of attempts that were seen to be sent. */
interface InFlightCall {
  readonly cost: CallCost;
  calls: number;
  progressAt: MonotonicMs;
}

/** The pause before a failed page is read again, in ms: it doubles from the first to the second. */
const minBackoffMs = 1_000;
const maxBackoffMs = 60_000;

const isInvalidToken = (error: unknown): boolean =>
  error instanceof UpstreamError && error.reason === 'INVALID_NEXT_TOKEN';

/** Reads parts of lists page by page, each call within the budget. A page that fails is read again after a pause. */
export class PartReader {
  readonly #options: PartReaderOptions;

  /** The calls that have a slot. */
  readonly #inFlight = new Set<InFlightCall>();

  constructor(options: PartReaderOptions) {
    this.#options = options;
  }

  /** When the slowest call in flight was granted or sent last; undefined if there is none. */
  get waitsSince(): MonotonicMs | undefined {
    let oldest: MonotonicMs | undefined;
    for (const call of this.#inFlight) {
      if (call.cost.calls > call.calls) Object.assign(call, { calls: call.cost.calls, progressAt: this.now });
      if (oldest === undefined || call.progressAt < oldest) oldest = call.progressAt;
    }
    return oldest;
  }

  get now(): MonotonicMs {
    return this.#options.clock.monotonicMs();
  }

  /** The least time between two calls of the operation, in ms. */
  intervalMs(operation: OperationName): number {
    const { pacers, principal, share } = this.#options;
    return pacers.of(principal, operation).intervalMs(share);
  }

  /** Reads all pages. Rejects only when AWS refuses the read, and with the signal's reason. */
  async read<T>(part: PartialRead<T>, options: ReadOptions<T>): Promise<void> {
    let { token } = options;
    // The operation only appears in the error.
    let tokens = new PageTokens(part.operation as ListName, token);
    let failures = 0;
    let hasRestarted = false;
    for (;;) {
      try {
        const page = await this.#readPage(part, token, options);
        this.#options.onReply(undefined);
        if (page.nextToken !== undefined) tokens.add(page.nextToken, page.objects.length);
        await options.onPage(page);
        failures = 0;
        if (page.nextToken === undefined) return;
        token = page.nextToken;
      } catch (error) {
        options.signal.throwIfAborted();
        const known = this.#toUpstreamError(error, part.operation);
        // The token of a sweep that was resumed after a restart may have expired.
        if (isInvalidToken(known) || known.code === 'UPSTREAM_BAD_RESPONSE') {
          token = undefined;
          tokens = new PageTokens(part.operation as ListName);
          if (isInvalidToken(known) && !hasRestarted) {
            hasRestarted = true;
            continue;
          }
        }
        this.#options.onReply(known);
        if (isRefusal(known)) throw known;
        failures += 1;
        await this.#pause(failures, options.signal);
      }
    }
  }

  async #readPage<T>(
    part: PartialRead<T>,
    token: string | undefined,
    { priority, signal }: ReadOptions<T>,
  ): Promise<PartPage<T>> {
    const { upstream, clock, principal, pacers, share } = this.#options;
    const operation = part.operationOf?.(token) ?? part.operation;
    const slot = await pacers.of(principal, operation).take({ priority, share }, signal);
    let call: InFlightCall | undefined;
    try {
      const session = upstream.session(principal, {
        priority: 'background',
        fresh: true,
        memoize: false,
        deadlineMs: Number.POSITIVE_INFINITY,
        signal,
      });
      slot.start(session.cost);
      call = { cost: session.cost, calls: 1, progressAt: this.now };
      this.#inFlight.add(call);
      const sent = { sentAt: clock.monotonicMs(), sentOn: clock.wallMs() };
      const { objects, nextToken } = await part.read(session, token);
      return { objects, nextToken, operation, ...sent, calls: session.cost.calls };
    } finally {
      if (call !== undefined) this.#inFlight.delete(call);
      slot.end();
    }
  }

  #pause(failures: number, signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#options;
    const ms = Math.min(maxBackoffMs, minBackoffMs * 2 ** Math.min(failures - 1, 30)) * (1 - random() / 4);
    return pause(clock, ms, signal);
  }

  /** Any error other than an `UpstreamError` means that a malformed reply has passed the checks. */
  #toUpstreamError(error: unknown, operation: OperationName): UpstreamError {
    if (error instanceof UpstreamError) return error;
    this.#options.faults.report(error, `reading ${operation}`);
    return new UpstreamError(`The reply to ${operation} cannot be processed.`, {
      code: 'UPSTREAM_BAD_RESPONSE',
      operation,
      retryable: false,
      cause: error,
    });
  }
}

/** Resolves after `ms`. Rejects with the signal's reason when it fires before. */
export const pause = (clock: Clock, ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const onAbort = () => {
      cancel();
      reject(signal.reason);
    };
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
    signal.addEventListener('abort', onAbort, { once: true });
  });
