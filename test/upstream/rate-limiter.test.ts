import { setMaxListeners } from 'node:events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Permit, RateLimiter, type TokenRequest } from '../../src/upstream/rate-limiter.ts';
import type { Priority } from '../../src/upstream/types.ts';
import { ManualClock, settled } from '../support/manual-clock.ts';

const request = (priority: Priority = 'interactive', deadline = Number.POSITIVE_INFINITY): TokenRequest => ({
  priority,
  deadline,
});
const never = new AbortController().signal;
setMaxListeners(0, never);

function limiterOf(rate: number, burst: number, random = () => 0.5) {
  const clock = new ManualClock();
  return { clock, limiter: new RateLimiter({ rate, burst, clock, random }) };
}

async function granted(acquired: ReturnType<RateLimiter['acquire']>): Promise<Permit> {
  const permit = await acquired;
  if (!('grantedAt' in permit)) throw new Error(`turned away: it would wait ${permit.waitMs} ms`);
  return permit;
}

/** The steps of callers: they arrive, leave while they wait, complete, or are throttled, and time passes. */
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('come' as const), background: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 1_500 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), which: fc.nat() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('answer' as const), throttled: fc.boolean() }) },
);

const steps = fc.array(step, { maxLength: 60, size: 'max' });

interface Caller {
  readonly priority: Priority;
  readonly came: number;
  readonly abort: AbortController;
  permit?: Permit;
  left?: boolean;
}

async function play(
  rate: number,
  burst: number,
  steps: readonly (typeof step extends fc.Arbitrary<infer T> ? T : never)[],
) {
  const { clock, limiter } = limiterOf(rate, burst);
  const callers: Caller[] = [];
  const order: Caller[] = [];
  const unanswered: Permit[] = [];
  for (const action of steps) {
    if (action.do === 'come') {
      const caller: Caller = {
        priority: action.background ? 'background' : 'interactive',
        came: clock.monotonicMs(),
        abort: new AbortController(),
      };
      callers.push(caller);
      limiter.acquire(request(caller.priority), caller.abort.signal).then(
        (permit) => {
          if (!('grantedAt' in permit)) return;
          caller.permit = permit;
          order.push(caller);
          unanswered.push(permit);
        },
        () => {
          caller.left = true;
        },
      );
    } else if (action.do === 'pass') {
      await clock.advance(action.ms);
    } else if (action.do === 'leave') {
      const waiting = callers.filter(({ permit, left }) => permit === undefined && left !== true);
      waiting[action.which % Math.max(1, waiting.length)]?.abort.abort();
    } else {
      const permit = unanswered.shift();
      if (permit !== undefined) limiter.settle(permit, action.throttled);
    }
    await settled();
  }
  return { clock, limiter, callers, order };
}

const limits = fc.record({
  rate: fc.double({ min: 0.5, max: 20, noNaN: true }),
  burst: fc.integer({ min: 1, max: 30 }),
});

describe('a rate limiter', () => {
  it('never grants more than burst + rate * t calls in any t seconds', async () => {
    await fc.assert(
      fc.asyncProperty(limits, steps, async ({ rate, burst }, played) => {
        const { order } = await play(rate, burst, played);
        const times = order.map(({ permit }) => permit?.grantedAt ?? Number.NaN);
        for (const [i, start] of times.entries()) {
          for (const [j, end] of times.entries()) {
            if (j < i) continue;
            expect(j - i + 1).toBeLessThanOrEqual(burst + (rate * (end - start)) / 1000 + 1e-3);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('grants in order of arrival within a priority, and no background call before a waiting interactive one', async () => {
    await fc.assert(
      fc.asyncProperty(limits, steps, async ({ rate, burst }, played) => {
        const { order, callers } = await play(rate, burst, played);
        for (const priority of ['interactive', 'background'] as const) {
          const served = order
            .filter((caller) => caller.priority === priority)
            .map((caller) => callers.indexOf(caller));
          expect(served).toEqual(served.toSorted((a, b) => a - b));
        }
        for (const [at, caller] of order.entries()) {
          if (caller.priority === 'interactive') continue;
          const passed = order
            .slice(at + 1)
            .filter((later) => later.priority === 'interactive' && later.came < (caller.permit?.grantedAt ?? 0));
          expect(passed).toEqual([]);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('serves every caller that does not leave, after any history, and then has no timer', async () => {
    await fc.assert(
      fc.asyncProperty(limits, steps, async ({ rate, burst }, played) => {
        const { clock, limiter, callers } = await play(rate, burst, played);
        await clock.advance(1_000_000);
        expect(callers.filter(({ permit, left }) => permit === undefined && left !== true)).toEqual([]);
        expect(limiter.waiting).toBe(0);
        expect(clock.pending).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it('grants its burst at once and the rest at its rate', async () => {
    const { clock, limiter } = limiterOf(5, 8);
    const grants: number[] = [];
    const begunAt = clock.monotonicMs();
    const ask = async () => {
      const permit = await granted(limiter.acquire(request(), never));
      grants.push(permit.grantedAt - begunAt);
      limiter.settle(permit, false);
    };
    for (let i = 0; i < 20; i++) void ask();
    await clock.advance(10_000);
    expect(grants.slice(0, 8)).toEqual(Array(8).fill(0));
    for (const [i, at] of grants.slice(8).entries()) expect(at).toBeCloseTo((i + 1) * 200, -1);
  });

  it('adds no tokens while a call is in flight, because AWS takes its token when the call arrives', async () => {
    const { clock, limiter } = limiterOf(10, 1);
    const first = await granted(limiter.acquire(request(), never));
    await clock.advance(80);
    limiter.settle(first, false);
    const second = granted(limiter.acquire(request(), never));
    await clock.advance(1_000);
    expect((await second).grantedAt - first.grantedAt).toBe(180);
  });

  it("never has more tokens than AWS's own bucket, whatever the latency, so that its calls alone are not throttled", async () => {
    const travel = fc.record({ there: fc.integer({ min: 0, max: 600 }), back: fc.integer({ min: 0, max: 300 }) });
    const call = fc.record({ after: fc.integer({ min: 0, max: 400 }), travel });
    await fc.assert(
      fc.asyncProperty(limits, fc.array(call, { maxLength: 60, size: 'max' }), async ({ rate, burst }, calls) => {
        const { clock, limiter } = limiterOf(rate, burst);
        const atAws = { tokens: burst, filledAt: clock.monotonicMs() };
        let throttled = 0;
        for (const { after, travel } of calls) {
          void granted(limiter.acquire(request(), never)).then((permit) => {
            clock.after(travel.there, () => {
              const added = ((clock.monotonicMs() - atAws.filledAt) / 1000) * rate;
              atAws.tokens = Math.min(burst, atAws.tokens + added);
              atAws.filledAt = clock.monotonicMs();
              if (atAws.tokens < 1 - 1e-3) throttled += 1;
              else atAws.tokens -= 1;
              clock.after(travel.back, () => limiter.settle(permit, false));
            });
          });
          await clock.advance(after);
        }
        await clock.advance(1_000_000);
        expect(throttled).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it('adds tokens again one second after a call without a reply', async () => {
    const { clock, limiter } = limiterOf(10, 1);
    await granted(limiter.acquire(request(), never));
    const second = granted(limiter.acquire(request(), never));
    await clock.advance(5_000);
    expect((await second).waitedMs).toBe(1_100);
  });

  it('rejects a call at once when its wait would pass its deadline, and returns the wait', async () => {
    const { clock, limiter } = limiterOf(1, 1);
    limiter.settle(await granted(limiter.acquire(request(), never)), false);
    void limiter.acquire(request(), never);
    expect(await limiter.acquire(request('interactive', clock.monotonicMs() + 1_500), never)).toEqual({
      waitMs: 2_000,
    });
    expect(limiter.waiting).toBe(1);
    void limiter.acquire(request('interactive', clock.monotonicMs() + 2_500), never);
    expect(limiter.waiting).toBe(2);
  });

  it('removes a call whose signal fires, and serves the next', async () => {
    const { clock, limiter } = limiterOf(1, 1);
    limiter.settle(await granted(limiter.acquire(request(), never)), false);
    const leaving = new AbortController();
    const left = limiter.acquire(request(), leaving.signal);
    const next = granted(limiter.acquire(request(), never));
    leaving.abort('gone');
    await expect(left).rejects.toBe('gone');
    await clock.advance(1_000);
    expect((await next).waitedMs).toBe(1_000);
    expect(clock.pending).toBe(0);
  });

  it('slows down after a throttle, counts throttles of concurrent calls once, and recovers', async () => {
    const { clock, limiter } = limiterOf(10, 4);
    const together = await Promise.all([1, 2, 3].map(() => granted(limiter.acquire(request(), never))));
    await clock.advance(50);
    for (const permit of together) limiter.settle(permit, true);
    expect(limiter.rate).toBeCloseTo(7);
    await clock.advance(3_000);
    expect(limiter.rate).toBeCloseTo(8.5);
    await clock.advance(60_000);
    expect(limiter.rate).toBe(10);
  });

  it('pauses longer with every throttle in a row, and retries a throttled call before new ones', async () => {
    const { clock, limiter } = limiterOf(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, () => 1);
    const pauses: number[] = [];
    let permit = await granted(limiter.acquire(request(), never));
    for (let i = 0; i < 5; i++) {
      await clock.advance(1);
      limiter.settle(permit, true);
      const newcomer = granted(limiter.acquire(request(), never));
      const repeated = granted(limiter.acquire(request(), never, { again: true }));
      const order: string[] = [];
      void newcomer.then(() => order.push('newcomer'));
      void repeated.then(() => order.push('repeated'));
      await clock.advance(20_000);
      expect(order).toEqual(['repeated', 'newcomer']);
      permit = await repeated;
      pauses.push(permit.waitedMs);
    }
    expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 5_000]);
  });

  it('raises the priority of a waiting background call when an interactive caller joins it', async () => {
    const { clock, limiter } = limiterOf(1, 2);
    for (let i = 0; i < 2; i++) limiter.settle(await granted(limiter.acquire(request(), never)), false);
    const poll = { priority: 'background' as Priority, deadline: Number.POSITIVE_INFINITY };
    const order: string[] = [];
    void limiter.acquire(request('background'), never).then(() => order.push('other poll'));
    void limiter.acquire(poll, never).then(() => order.push('joined poll'));
    limiter.promote(poll);
    await clock.advance(2_000);
    expect(order).toEqual(['joined poll', 'other poll']);
  });
});
