import type { Principal } from '../principal/principal.ts';
import type { MonotonicClock } from './clock.ts';

/** A call does not wait longer than this for STS to say whose buckets it draws from, in ms … */
const longestWaitMs = 2_000;
/** … and when it cannot say, it is asked again after this, in ms. */
const askAgainMs = 60_000;

/**
 * Whose buckets a principal's calls draw from: AWS counts by account, and two principals may be of the same.
 * While STS does not say which account it is, the principal is taken to be alone in its account.
 */
export function accountKey(
  principal: Principal,
  budget: 'documented' | 'off',
  clock: MonotonicClock,
): () => string | Promise<string> {
  const alone = `principal ${principal.name}`;
  let known = budget === 'off' ? alone : principal.configuredAccountId;
  let asked: Promise<string> | undefined;
  let askAfter = Number.NEGATIVE_INFINITY;

  const ask = (): Promise<string> =>
    new Promise((resolve) => {
      const cancel = clock.after(longestWaitMs, unknown);
      principal.accountId().then((id) => {
        cancel();
        known = id;
        resolve(id);
      }, unknown);
      function unknown(): void {
        cancel();
        askAfter = clock.monotonicMs() + askAgainMs;
        resolve(alone);
      }
    });

  return () => {
    if (known !== undefined) return known;
    const failedBefore = askAfter > Number.NEGATIVE_INFINITY;
    if (clock.monotonicMs() >= askAfter) {
      asked ??= ask().finally(() => {
        asked = undefined;
      });
    }
    // Only the first calls wait for STS: one that is out of reach must not hold up a call a minute.
    return failedBefore || asked === undefined ? alone : asked;
  };
}
