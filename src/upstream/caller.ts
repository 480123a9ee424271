import type { Principal } from '../principal/principal.ts';
import type { Budget } from './budget.ts';
import type { StartCallSpan } from './call-span.ts';
import type { Client, Reply } from './client.ts';
import type { MonotonicClock } from './clock.ts';
import { UpstreamError } from './errors.ts';
import { type FailedCall, failedCall, seconds, timedOutCall } from './failures.ts';
import type { Input, OperationName } from './operation-types.ts';
import { type Attempts, mayHaveHappened, repeatAfterMs } from './retry.ts';
import type { Stats } from './stats.ts';
import type { Claim, Grant, Refusal, TokenBucket } from './token-bucket.ts';
import type { SharedRate, UpstreamCost } from './types.ts';

export interface CallerOptions {
  readonly principal: Principal;
  readonly client: Client;
  readonly budget: Budget;
  /** The account whose buckets the calls use. */
  readonly account: () => string | Promise<string>;
  /** What other processes take from the same account's buckets. */
  readonly sharedRate: SharedRate | undefined;
  readonly stats: Stats;
  readonly clock: MonotonicClock;
  readonly random: () => number;
  readonly callTimeoutMs: number;
  /** Absent where nobody collects traces. */
  readonly startCallSpan: StartCallSpan | undefined;
}

export interface CallOptions {
  readonly claim: Claim;
  /** Whom the call is charged to. */
  readonly cost: UpstreamCost;
  /** The caller in whose name the call is made, for principals that have sessions for their callers. */
  readonly as?: string | undefined;
  /** Ends waiting (for the budget, and between attempts). Its reason is what the call rejects with. */
  readonly waiting: AbortSignal;
  /** Ends the call when it is under way. Its reason is what the call rejects with. */
  readonly calling: AbortSignal;
  /** Told just before each attempt leaves. */
  readonly onSend?: () => void;
  /** Told when an attempt has failed after which AWS may have acted all the same. */
  readonly onDoubt?: () => void;
}

export interface Answer<O extends OperationName> extends Reply<O> {
  /** Of the attempt that succeeded, in the clock's ms. */
  readonly sentAt: number;
  readonly answeredAt: number;
}

/** Calls AWS as one principal: waits for the rate budget, calls, tries again where that is safe, and tells what went wrong. */
export class Caller {
  readonly #options: CallerOptions;
  readonly #waitingIn = new WeakMap<Claim, TokenBucket>();

  constructor(options: CallerOptions) {
    this.#options = options;
  }

  /** Moves a call that waits in the background among the interactive ones. */
  promote(claim: Claim): void {
    this.#waitingIn.get(claim)?.promote(claim);
  }

  /** Rejects with an `UpstreamError`, or with the reason of a signal that fired. */
  async call<O extends OperationName>(operation: O, input: Input<O>, options: CallOptions): Promise<Answer<O>> {
    const { budget, clock, random, stats, principal, sharedRate, startCallSpan } = this.#options;
    const { claim, cost, waiting } = options;
    // What is known at once is not waited for: each await is a turn of the queue.
    const asked = this.#options.account();
    const account = typeof asked === 'string' ? asked : await asked;
    const bucket = budget.bucket(account, operation);
    const attempts: Attempts = { throttles: 0, repeats: 0, renewals: 0 };
    let last: FailedCall | undefined;
    for (;;) {
      waiting.throwIfAborted();
      const again = last?.kind === 'throttled';
      const grant = bucket.decide(claim, again) ?? (await this.#wait(bucket, claim, waiting, again));
      if ('waitMs' in grant) throw this.#tooLong(operation, claim, grant, last);
      cost.waitedMs += grant.waitedMs;
      if (sharedRate !== undefined) {
        const shared = await this.#waitForOthers(sharedRate, account, operation, options);
        if (shared < 0) {
          bucket.settle(grant, false);
          throw this.#tooLong(operation, claim, { waitMs: -shared }, last);
        }
        cost.waitedMs += shared;
      }
      cost.calls += 1;
      options.onSend?.();
      const { priority } = claim;
      const span = startCallSpan?.({ principal, operation, priority, waitedMs: grant.waitedMs });
      const sentAt = clock.monotonicMs();
      const renewals = this.#options.client.renewals(options.as);
      const result = await this.#attempt(operation, input, options);
      const answeredAt = clock.monotonicMs();
      last = 'output' in result ? undefined : result;
      bucket.settle(grant, last?.kind === 'throttled');
      const outcome = last?.error.code ?? 'ok';
      const requestId = 'output' in result ? result.requestId : result.error.requestId;
      span?.end(outcome, requestId);
      stats.called({
        principal,
        operation,
        outcome,
        durationMs: answeredAt - sentAt,
        waitedMs: grant.waitedMs,
        requestId,
      });
      if ('output' in result) return { output: result.output, requestId, sentAt, answeredAt };
      if (mayHaveHappened(result.kind)) options.onDoubt?.();
      // AWS checks the session before it does anything, so that a write is safe to repeat, too.
      if (result.kind === 'expired' && attempts.renewals === 0 && (await this.#renewCredentials(options, renewals))) {
        attempts.renewals += 1;
        continue;
      }
      const delay = repeatAfterMs(operation, result, attempts, random);
      if (delay === undefined || clock.monotonicMs() + delay > claim.deadline) throw result.error;
      if (delay > 0) await sleep(delay, clock, waiting);
    }
  }

  /** False when there are no other credentials: the error of the call is what is reported then. */
  #renewCredentials({ as }: CallOptions, since: number): Promise<boolean> {
    return this.#options.client.renewCredentials(as, since).catch(() => false);
  }

  #wait(bucket: TokenBucket, claim: Claim, waiting: AbortSignal, again: boolean): Promise<Grant | Refusal> {
    this.#waitingIn.set(claim, bucket);
    return bucket.acquire(claim, waiting, { again });
  }

  /** Waits for the turn that other processes leave to this call, in ms; the negative of it when it would pass the claim's deadline. */
  async #waitForOthers(
    sharedRate: SharedRate,
    account: string,
    operation: OperationName,
    { claim, waiting }: CallOptions,
  ): Promise<number> {
    const { budget, clock } = this.#options;
    const waitMs = await sharedRate.take(
      account,
      operation,
      budget.limit(operation),
      claim.deadline - clock.monotonicMs(),
    );
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
    if (calling.aborted) return Promise.resolve(calledOff(operation, calling.reason));
    return new Promise((resolve) => {
      const stop = new AbortController();
      const end = (result: Reply<O> | FailedCall): void => {
        cancelTimer();
        calling.removeEventListener('abort', callOff);
        resolve(result);
      };
      // The SDK looks at the signal while it talks HTTP, but not while it loads credentials: nobody waits for it to do so.
      const callOff = (): void => {
        end(calledOff(operation, calling.reason));
        stop.abort(calling.reason);
      };
      const cancelTimer = clock.after(callTimeoutMs, () => {
        end(timedOutCall(callTimeoutMs, context()));
        stop.abort();
      });
      calling.addEventListener('abort', callOff, { once: true });
      client.send(operation, input, stop.signal, as).then(end, (error: unknown) => end(failedCall(error, context())));
    });
  }

  #tooLong(operation: OperationName, claim: Claim, { waitMs }: Refusal, last: FailedCall | undefined): UpstreamError {
    const { budget, clock } = this.#options;
    const { rate } = budget.limit(operation);
    const limit = Number.isFinite(rate)
      ? `AWS allows ${rate} ${operation} ${rate === 1 ? 'call' : 'calls'} a second`
      : `AWS throttles ${operation}`;
    return new UpstreamError(
      `${limit}, so this one would have to wait ${seconds(waitMs)}, longer than the ${seconds(Math.max(0, claim.deadline - clock.monotonicMs()))} ` +
        'that are left for the request. Ask for less at a time, try again later, or raise upstream.deadlineMs' +
        ' (and upstream.limits, if AWS has raised yours).',
      { code: 'UPSTREAM_TIMEOUT', operation, retryable: true, cause: last?.error },
    );
  }
}

/** The end of a call whose session or gateway has ended; `reason` is what the signal was fired with. */
function calledOff(operation: OperationName, reason: unknown): FailedCall {
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
