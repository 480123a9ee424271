import type { Config } from '../../config.ts';
import { limitError } from '../limit-error.ts';
import { RatePerKey } from '../rate-per-key.ts';
import type { Step } from './step.ts';

/** Lets one caller begin so many operations in a time, whatever carries them. */
export function operationRate({ perSecond, burst }: Config['limits']['operations']): Step {
  const rate = new RatePerKey({ perSecond, burst });
  return {
    admit({ caller: { name } }) {
      const waitMs = rate.take(name);
      if (waitMs === 0) return;
      throw limitError(
        'RATE_LIMIT_EXCEEDED',
        `The caller "${name}" may begin ${perSecond} operations a second, and ${burst} at once (limits.operations). Try again in ${Math.ceil(waitMs)} ms.`,
        { maximum: perSecond, retryAfterMs: Math.ceil(waitMs) },
      );
    },
  };
}
