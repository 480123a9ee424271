import { type ExecutionResult, GraphQLError } from 'graphql';
import type { Config } from '../../config/index.ts';
import { RatePerKey } from '../../token-bucket.ts';
import { limitError } from '../errors.ts';
import { onIteratorEnd } from '../execution/result-stream.ts';
import type { QueueFullError } from '../fair-scheduler.ts';
import { type Operation, subject } from '../operation.ts';
import type { Events, Step } from './step.ts';

/** Estimates, in ms, as the end of the caller's other operations is unknown. */
const RETRY_AFTER_MS = { operation: 1_000, subscription: 5_000 };

/**
 * Rejects operations beyond a limit of their connection, the caller's rate or its share of CPU time. It follows
 * authentication, so that rejections are logged with the caller. The pipeline charges `cpu`.
 */
export function rateLimits({ operations, cpu: share }: Config['limits'], cpu: RatePerKey): Step {
  const rate = new RatePerKey(operations);
  return {
    onRequest(operation) {
      const { refusal, limitKey } = operation;
      if (refusal !== undefined) throw refusal;
      const untilNextMs = Math.ceil(rate.take(limitKey));
      if (untilNextMs > 0)
        throw limitError(
          'RATE_LIMIT_EXCEEDED',
          `${subject(operation)} may start ${operations.perSecond} operations per second, in bursts of ${operations.burst} (limits.operations). Try again in ${untilNextMs} ms.`,
          { maximum: operations.perSecond, retryAfterMs: untilNextMs },
        );
      const debtMs = Math.ceil(cpu.debtMs(limitKey));
      if (debtMs > 0)
        throw limitError(
          'RATE_LIMIT_EXCEEDED',
          `${subject(operation)} may use ${share.msPerSecond} ms of the gateway's CPU time per second, in bursts of ${share.burstMs} ms (limits.cpu). Try again in ${debtMs} ms, with smaller operations or with the same documents again.`,
          { maximum: share.msPerSecond, retryAfterMs: debtMs, setting: 'limits.cpu' },
        );
    },
  };
}

type QueueLimits = Pick<Config['limits'], 'concurrentOperations' | 'queuedOperations'>;

/** The error of an operation that the queue rejects. */
export function queueError(operation: Operation, bound: QueueFullError['bound'], limits: QueueLimits): GraphQLError {
  const { concurrentOperations: maximum, queuedOperations } = limits;
  if (bound === 'maxQueuedPerKey')
    return limitError(
      'CONCURRENCY_LIMIT_EXCEEDED',
      `${subject(operation)} has ${maximum} running (limits.concurrentOperations) and ${queuedOperations.perCaller} waiting queries and mutations (limits.queuedOperations.perCaller). Try again when some have ended.`,
      { maximum, retryAfterMs: RETRY_AFTER_MS.operation },
    );
  return new GraphQLError(
    'The gateway has too many waiting operations (limits.queuedOperations.total). Try again later.',
    {
      extensions: { code: 'OVERLOADED', retryable: true, http: { status: 503, headers: { 'retry-after': '1' } } },
    },
  );
}

/** Limits the concurrent subscriptions of a caller over all connections and transports. */
export function subscriptionLimit(maximum: number): Step {
  const open = new Map<string, number>();
  const full = (caller: string) => (open.get(caller) ?? 0) >= maximum;
  const refusal = (operation: Operation): ExecutionResult => ({
    errors: [
      limitError(
        'SUBSCRIPTION_LIMIT_EXCEEDED',
        `${subject(operation)} has ${maximum} subscriptions, the maximum (limits.subscriptionsPerCaller). End one first.`,
        { maximum, retryAfterMs: RETRY_AFTER_MS.subscription },
      ),
    ],
  });
  function end(caller: string): void {
    const left = (open.get(caller) ?? 0) - 1;
    if (left > 0) open.set(caller, left);
    else open.delete(caller);
  }

  return {
    onExecute(operation) {
      return operation.prepared?.type === 'subscription' && full(operation.limitKey) ? refusal(operation) : undefined;
    },
    wrapSubscription(operation, events, results) {
      const { limitKey } = operation;
      // Other subscriptions may have started while this one was prepared.
      if (full(limitKey)) {
        events.return?.().catch(() => {});
        return only(results.emit(refusal(operation)));
      }
      open.set(limitKey, (open.get(limitKey) ?? 0) + 1);
      return onIteratorEnd(events, () => end(limitKey));
    },
  };
}

async function* only(result: ExecutionResult): Events {
  yield result;
}
