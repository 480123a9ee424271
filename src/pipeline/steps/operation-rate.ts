import type { Config } from '../../config/index.ts';
import { isAnonymous } from '../../principal/index.ts';
import { limitError } from '../limit-error.ts';
import type { Operation } from '../operation.ts';
import { RatePerKey } from '../rate-per-key.ts';
import type { Step } from './step.ts';

/** Lets one caller begin so many operations in a time, whatever carries them. */
export function operationRate({ perSecond, burst }: Config['limits']['operations']): Step {
  const rate = new RatePerKey({ perSecond, burst });
  return {
    admit(operation) {
      const waitMs = rate.take(operation.limitKey);
      if (waitMs === 0) return;
      throw limitError(
        'RATE_LIMIT_EXCEEDED',
        `${subject(operation)} may begin ${perSecond} operations a second, and ${burst} at once (limits.operations). Try again in ${Math.ceil(waitMs)} ms.`,
        { maximum: perSecond, retryAfterMs: Math.ceil(waitMs) },
      );
    },
  };
}

/** Whom a limit per caller holds for, in words. */
export function subject({ caller, carrier }: Pick<Operation, 'caller' | 'carrier'>): string {
  return isAnonymous(caller) ? `The address ${carrier.address}` : `The caller "${caller.name}"`;
}
