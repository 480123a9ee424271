import type { Config } from '../../config/index.ts';
import { limitError } from '../limit-error.ts';
import type { RatePerKey } from '../rate-per-key.ts';
import { subject } from './operation-rate.ts';
import type { Step } from './step.ts';

/** Rejects operations of a caller whose operations have taken more than its share of the gateway's time. `cpu` is charged by the pipeline. */
export function cpuRate(cpu: RatePerKey, { msPerSecond, burstMs }: Config['limits']['cpu']): Step {
  return {
    admit(operation) {
      const waitMs = Math.ceil(cpu.debtMs(operation.limitKey));
      if (waitMs === 0) return;
      throw limitError(
        'RATE_LIMIT_EXCEEDED',
        `${subject(operation)} may use ${msPerSecond} ms of the gateway's time a second, and ${burstMs} ms at once (limits.cpu). Try again in ${waitMs} ms, with smaller operations or with the same documents again.`,
        { maximum: msPerSecond, retryAfterMs: waitMs, setting: 'limits.cpu' },
      );
    },
  };
}
