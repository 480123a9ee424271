import type { Config } from '../../config/index.ts';
import { RatePerKey } from '../../token-bucket.ts';
import { limitError } from '../errors.ts';
import { subject } from '../operation.ts';
import type { Step } from './step.ts';

/**
 * Rejects operations that exceed a limit of their connection, and those of a caller that begins too many in a time, or whose operations have taken more than its share of
 * the gateway's time. It follows the caller's identification, so that rejections are counted and logged as the caller's. `cpu` is charged by the pipeline.
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
          `${subject(operation)} may begin ${operations.perSecond} operations a second, and ${operations.burst} at once (limits.operations). Try again in ${untilNextMs} ms.`,
          { maximum: operations.perSecond, retryAfterMs: untilNextMs },
        );
      const debtMs = Math.ceil(cpu.debtMs(limitKey));
      if (debtMs > 0)
        throw limitError(
          'RATE_LIMIT_EXCEEDED',
          `${subject(operation)} may use ${share.msPerSecond} ms of the gateway's time a second, and ${share.burstMs} ms at once (limits.cpu). Try again in ${debtMs} ms, with smaller operations or with the same documents again.`,
          { maximum: share.msPerSecond, retryAfterMs: debtMs, setting: 'limits.cpu' },
        );
    },
  };
}
