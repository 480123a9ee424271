import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PollRounds } from '../../bench/watch/poll-rounds.ts';

const rounds = 10;
const intervalMs = 1_000;

/** What is counted when calls come at these times. */
function count(times: readonly number[]): number | undefined {
  const counted = new PollRounds(rounds, intervalMs);
  for (const at of times.toSorted((a, b) => a - b)) {
    const calls = counted.called(at);
    if (calls !== undefined) return calls;
  }
  return undefined;
}

/** A poll, and the next when the last has been answered and the interval is over, however late. */
function polls(beginAt: number, delays: readonly number[], pages = 1): number[] {
  const times: number[] = [];
  let at = beginAt;
  for (const late of delays) {
    for (let page = 0; page < pages; page += 1) times.push(at + page);
    at += intervalMs + late;
  }
  return times;
}

const delays = fc.array(fc.integer({ min: -1, max: 400 }), { minLength: 20, maxLength: 20 });

describe('calls over ten polls', () => {
  it('equal those of one poller, whenever counting begins and however late it polls', () => {
    fc.assert(
      fc.property(fc.nat(5_000), delays, fc.integer({ min: 1, max: 3 }), (beginAt, late, pages) => {
        expect(count(polls(beginAt, late, pages))).toBe(pages * rounds);
      }),
    );
  });

  it('reveal a second poller, whatever its offset', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999 }), (phase) => {
        const late = Array.from({ length: 20 }, () => 5);
        // Just before the first one's second poll it begins the second round by itself.
        expect(count([...polls(0, late), ...polls(phase, late)])).toBeGreaterThanOrEqual(2 * rounds - 1);
      }),
    );
  });

  it('reveal each call for a subscriber', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9_500 }), { minLength: 1, maxLength: 50 }), (more) => {
        const counted = count([...polls(0, Array(20).fill(0)), ...more]) ?? 0;
        expect(counted).toBeGreaterThan(rounds);
      }),
    );
  });
});
