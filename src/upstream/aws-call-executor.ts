import type { Principal } from '../principal/principal.ts';
import { UpstreamError } from '../principal/upstream-error.ts';
import type { StartCallSpan } from './call-span.ts';
import type { Client, Reply } from './client.ts';
import type { MonotonicClock } from './clock.ts';
import { type FailedCall, failedCall, seconds, timedOutCall } from './errors.ts';
import type { RateBudget } from './rate-budget.ts';
import type { Permit, RateLimiter, Rejection, TokenRequest } from './rate-limiter.ts';
import { type Attempts, repeatAfterMs } from './retry.ts';
import type { CallEvent, Input, OperationName, SharedRate, UpstreamCost } from './types.ts';

export interface AwsCallExecutorOptions {
  readonly principal: Principal;
  readonly client: Client;
  readonly budget: RateBudget;
  /** The account whose rate limiters the calls use. */
  readonly account: () => string | Promise<string>;
  /** The rate that replicas share. */
  readonly sharedRate: SharedRate | undefined;
  readonly onCallEnd: (event: CallEvent, isThrottled: boolean) => void;
  readonly clock: MonotonicClock;
  readonly random: () => number;
  readonly callTimeoutMs: number;
  /** Absent where no traces are collected. */
  readonly startCallSpan: StartCallSpan | undefined;
}

export interface CallOptions {
  readonly request: TokenRequest;
  readonly cost: UpstreamCost;
  /** The name of the caller, for principals that have sessions for their callers. */
  readonly as?: string | undefined;
  /** Ends waiting for the budget and between attempts. The call rejects with its reason. */
  readonly waiting: AbortSignal;
  /** Ends the call in flight. The call rejects with its reason. */
  readonly calling: AbortSignal;
  /** Called before each attempt. */
  readonly onSend?: () => void;
  /** Called after each failed attempt. */
  readonly onFailure?: (kind: FailedCall['kind']) => void;
}

export interface CallResult<O extends OperationName> extends Reply<O> {
  /** Of the attempt that succeeded, in the clock's ms. */
  readonly sentAt: number;
  readonly answeredAt: number;
}

/** Calls AWS as one principal: waits for the rate budget, calls, and repeats the call where that is safe. */
export class AwsCallExecutor {
  readonly #options: AwsCallExecutorOptions;
  readonly #limiters = new WeakMap<TokenRequest, RateLimiter>();
  #account: string | undefined;

  constructor(options: AwsCallExecutorOptions) {
    this.#options = options;
  }

  /** The account whose rate limiters the last call used; before the first call, the configured one. */
  get account(): string | undefined {
    return this.#account ?? this.#options.principal.configuredAccountId;
  }

  /** Moves a background call that waits behind the interactive ones. */
  promote(request: TokenRequest): void {
    this.#limiters.get(request)?.promote(request);
  }

  /** Rejects with an `UpstreamError`, or with the reason of a signal that fired. */
  async call<O extends OperationName>(operation: O, input: Input<O>, options: CallOptions): Promise<CallResult<O>> {
    const { budget, clock, random, onCallEnd, principal, sharedRate, startCallSpan } = this.#options;
    const { request, cost, waiting } = options;
    // Not awaited when known, as each await is a turn of the queue.
    const known = this.#options.account();
    const account = typeof known === 'string' ? known : await known;
    this.#account = account;
    const limiter = budget.limiter(account, operation);
    const attempts: Attempts = { throttles: 0, repeats: 0, renewals: 0 };
    let last: FailedCall | undefined;
    for (;;) {
      waiting.throwIfAborted();
      const again = last?.kind === 'throttled';
      const permit = limiter.decide(request, again) ?? (await this.#wait(limiter, request, waiting, again));
      if ('waitMs' in permit) throw this.#tooLong(operation, request, permit, last);
      cost.waitedMs += permit.waitedMs;
      if (sharedRate !== undefined) {
        const sharedMs = await this.#waitForReplicas(sharedRate, account, operation, options);
        if (sharedMs < 0) {
          limiter.settle(permit, false);
          throw this.#tooLong(operation, request, { waitMs: -sharedMs }, last);
        }
        cost.waitedMs += sharedMs;
      }
      cost.calls += 1;
      options.onSend?.();
      const { priority } = request;
      const { waitedMs } = permit;
      const span = startCallSpan?.({ principal, operation, priority, waitedMs });
      const sentAt = clock.monotonicMs();
      const renewals = this.#options.client.renewals(options.as);
      const result = await this.#attempt(operation, input, options);
      const answeredAt = clock.monotonicMs();
      last = 'output' in result ? undefined : result;
      const isThrottled = last?.kind === 'throttled';
      limiter.settle(permit, isThrottled);
      const outcome = last?.error.code ?? 'ok';
      const requestId = 'output' in result ? result.requestId : result.error.requestId;
      span?.end(outcome, requestId);
      const durationMs = answeredAt - sentAt;
      onCallEnd({ principal, operation, outcome, durationMs, waitedMs, requestId }, isThrottled);
      if ('output' in result) return { output: result.output, requestId, sentAt, answeredAt };
      options.onFailure?.(result.kind);
      // AWS checks the session before it does anything, so a write is safe to repeat, too.
      if (result.kind === 'expired' && attempts.renewals === 0 && (await this.#renewCredentials(options, renewals))) {
        attempts.renewals += 1;
        continue;
      }
      const delay = repeatAfterMs(operation, result, attempts, random);
      if (delay === undefined || clock.monotonicMs() + delay > request.deadline) throw result.error;
      if (delay > 0) await sleep(delay, clock, waiting);
    }
  }

  /** False when there are no other credentials: the call's own error is reported then. */
  #renewCredentials({ as }: CallOptions, since: number): Promise<boolean> {
    return this.#options.client.renewCredentials(as, since).catch(() => false);
  }

  #wait(
    limiter: RateLimiter,
    request: TokenRequest,
    waiting: AbortSignal,
    again: boolean,
  ): Promise<Permit | Rejection> {
    this.#limiters.set(request, limiter);
    return limiter.acquire(request, waiting, { again });
  }

  /** Returns the time that the call has waited, in ms; the negative of it when it would pass the deadline. */
  async #waitForReplicas(
    sharedRate: SharedRate,
    account: string,
    operation: OperationName,
    { request, waiting }: CallOptions,
  ): Promise<number> {
    const { budget, clock } = this.#options;
    const maxWaitMs = request.deadline - clock.monotonicMs();
    const waitMs = await sharedRate.take(account, operation, budget.limit(operation), maxWaitMs);
    waiting.throwIfAborted();
    if (waitMs > 0) await sleep(waitMs, clock, waiting);
    return waitMs;
  }

  #attempt<O extends OperationName>(
    operation: O,
    input: Input<O>,
    { calling, as }: CallOptions,
  ): Promise<Reply<O> | FailedCall> {
    const { client, clock, callTimeoutMs, principal } = this.#options;
    const context = () => ({ operation, principalName: principal.name, host: client.host });
    if (calling.aborted) return Promise.resolve(abortedCall(operation, calling.reason));
    return new Promise((resolve) => {
      const controller = new AbortController();
      const end = (result: Reply<O> | FailedCall): void => {
        cancelTimer();
        calling.removeEventListener('abort', onAbort);
        resolve(result);
      };
      // The SDK ignores its signal while it loads credentials, so the call ends without it.
      const onAbort = (): void => {
        end(abortedCall(operation, calling.reason));
        controller.abort(calling.reason);
      };
      const cancelTimer = clock.after(callTimeoutMs, () => {
        end(timedOutCall(callTimeoutMs, context()));
        controller.abort();
      });
      calling.addEventListener('abort', onAbort, { once: true });
      client
        .send(operation, input, controller.signal, as)
        .then(end, (error: unknown) => end(failedCall(error, context())));
    });
  }

  #tooLong(
    operation: OperationName,
    request: TokenRequest,
    { waitMs }: Rejection,
    last: FailedCall | undefined,
  ): UpstreamError {
    const { budget, clock } = this.#options;
    const { rate } = budget.limit(operation);
    const limit = Number.isFinite(rate)
      ? `AWS allows ${rate} ${operation} ${rate === 1 ? 'call' : 'calls'} a second`
      : `AWS throttles ${operation}`;
    const leftMs = Math.max(0, request.deadline - clock.monotonicMs());
    return new UpstreamError(
      `${limit}, so this one would have to wait ${seconds(waitMs)}, longer than the ${seconds(leftMs)} ` +
        'that are left for the request. Ask for less at a time, try again later, or raise upstream.deadlineMs' +
        ' (and upstream.limits, if AWS has raised yours).',
      { code: 'UPSTREAM_TIMEOUT', operation, retryable: true, cause: last?.error },
    );
  }
}

/** A call whose session or gateway has ended; `reason` is that of the signal. */
function abortedCall(operation: OperationName, reason: unknown): FailedCall {
  const error =
    reason instanceof UpstreamError
      ? reason
      : new UpstreamError('The call was ended.', { code: 'ABORTED', operation, retryable: false, cause: reason });
  return { kind: 'aborted', error };
}

function sleep(ms: number, clock: MonotonicClock, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      cancel();
      reject(signal.reason);
    };
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', abort);
      resolve();
    });
    signal.addEventListener('abort', abort, { once: true });
  });
}

/** A call waits at most this long, in ms, until STS says which account its principal is of … */
const MAX_ACCOUNT_WAIT_MS = 2_000;
/** … and after an error STS is asked again after this time, in ms. */
const ACCOUNT_RETRY_MS = 60_000;

/**
 * The account of a principal, as AWS counts calls by account and two principals may be of the same one. While STS does
 * not say which it is, the principal counts as alone in its account.
 */
export function accountKey(
  principal: Principal,
  budget: 'documented' | 'off',
  clock: MonotonicClock,
): () => string | Promise<string> {
  const alone = `principal ${principal.name}`;
  let known = budget === 'off' ? alone : principal.configuredAccountId;
  let pending: Promise<string> | undefined;
  let retryAt = Number.NEGATIVE_INFINITY;

  const load = (): Promise<string> =>
    new Promise((resolve) => {
      const cancel = clock.after(MAX_ACCOUNT_WAIT_MS, fail);
      principal.accountId().then((id) => {
        cancel();
        known = id;
        resolve(id);
      }, fail);
      function fail(): void {
        cancel();
        retryAt = clock.monotonicMs() + ACCOUNT_RETRY_MS;
        resolve(alone);
      }
    });

  return () => {
    if (known !== undefined) return known;
    const hasFailed = retryAt > Number.NEGATIVE_INFINITY;
    if (clock.monotonicMs() >= retryAt) {
      pending ??= load().finally(() => {
        pending = undefined;
      });
    }
    // Only the first calls wait for STS: when it is unreachable, it must not delay a call each minute.
    return hasFailed || pending === undefined ? alone : pending;
  };
}
