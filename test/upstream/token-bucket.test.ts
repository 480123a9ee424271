import { setMaxListeners } from 'node:events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Claim, type Grant, type Priority, TokenBucket } from '../../src/upstream/token-bucket.ts';
import { ManualClock, settled } from '../support/manual-clock.ts';

const claim = (priority: Priority = 'interactive', deadline = Number.POSITIVE_INFINITY): Claim => ({
  priority,
  deadline,
});
const never = new AbortController().signal;
setMaxListeners(0, never);

function bucketOf(rate: number, burst: number, random = () => 0.5) {
  const clock = new ManualClock();
  return { clock, bucket: new TokenBucket({ rate, burst, clock, random }) };
}

async function granted(acquired: ReturnType<TokenBucket['acquire']>): Promise<Grant> {
  const grant = await acquired;
  if (!('grantedAt' in grant)) throw new Error(`turned away: it would wait ${grant.waitMs} ms`);
  return grant;
}

/** What callers do to a bucket: come, leave again while they wait, answer, be throttled, or let time pass. */
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
  grant?: Grant;
  left?: boolean;
}

async function play(
  rate: number,
  burst: number,
  steps: readonly (typeof step extends fc.Arbitrary<infer T> ? T : never)[],
) {
  const { clock, bucket } = bucketOf(rate, burst);
  const callers: Caller[] = [];
  const order: Caller[] = [];
  const unanswered: Grant[] = [];
  for (const action of steps) {
    if (action.do === 'come') {
      const caller: Caller = {
        priority: action.background ? 'background' : 'interactive',
        came: clock.monotonicMs(),
        abort: new AbortController(),
      };
      callers.push(caller);
      bucket.acquire(claim(caller.priority), caller.abort.signal).then(
        (grant) => {
          if (!('grantedAt' in grant)) return;
          caller.grant = grant;
          order.push(caller);
          unanswered.push(grant);
        },
        () => {
          caller.left = true;
        },
      );
    } else if (action.do === 'pass') {
      await clock.advance(action.ms);
    } else if (action.do === 'leave') {
      const waiting = callers.filter(({ grant, left }) => grant === undefined && left !== true);
      waiting[action.which % Math.max(1, waiting.length)]?.abort.abort();
    } else {
      const grant = unanswered.shift();
      if (grant !== undefined) bucket.settle(grant, action.throttled);
    }
    await settled();
  }
  return { clock, bucket, callers, order };
}

const limits = fc.record({
  rate: fc.double({ min: 0.5, max: 20, noNaN: true }),
  burst: fc.integer({ min: 1, max: 30 }),
});

describe('a token bucket', () => {
  it('never grants more than burst + rate * t calls in any t seconds', async () => {
    await fc.assert(
      fc.asyncProperty(limits, steps, async ({ rate, burst }, played) => {
        const { order } = await play(rate, burst, played);
        const times = order.map(({ grant }) => grant?.grantedAt ?? Number.NaN);
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

  it('grants in the order of arrival within a priority, and lets no background call pass an interactive one that waits', async () => {
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
            .filter((later) => later.priority === 'interactive' && later.came < (caller.grant?.grantedAt ?? 0));
          expect(passed).toEqual([]);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('serves everybody who does not leave, whatever happened before, and then has no timer', async () => {
    await fc.assert(
      fc.asyncProperty(limits, steps, async ({ rate, burst }, played) => {
        const { clock, bucket, callers } = await play(rate, burst, played);
        await clock.advance(1_000_000);
        expect(callers.filter(({ grant, left }) => grant === undefined && left !== true)).toEqual([]);
        expect(bucket.waiting).toBe(0);
        expect(clock.pending).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it('grants its burst at once and the rest at its rate', async () => {
    const { clock, bucket } = bucketOf(5, 8);
    const grants: number[] = [];
    const begunAt = clock.monotonicMs();
    const ask = async () => {
      const grant = await granted(bucket.acquire(claim(), never));
      grants.push(grant.grantedAt - begunAt);
      bucket.settle(grant, false);
    };
    for (let i = 0; i < 20; i++) void ask();
    await clock.advance(10_000);
    expect(grants.slice(0, 8)).toEqual(Array(8).fill(0));
    for (const [i, at] of grants.slice(8).entries()) expect(at).toBeCloseTo((i + 1) * 200, -1);
  });

  it('that is full does not fill before the call that empties it is answered: AWS takes its token when it arrives', async () => {
    const { clock, bucket } = bucketOf(10, 1);
    const first = await granted(bucket.acquire(claim(), never));
    await clock.advance(80);
    bucket.settle(first, false);
    const second = granted(bucket.acquire(claim(), never));
    await clock.advance(1_000);
    expect((await second).grantedAt - first.grantedAt).toBe(180);
  });

  it("is never fuller than AWS's own, however long calls travel: none is throttled that comes from here alone", async () => {
    const travel = fc.record({ there: fc.integer({ min: 0, max: 600 }), back: fc.integer({ min: 0, max: 300 }) });
    const call = fc.record({ after: fc.integer({ min: 0, max: 400 }), travel });
    await fc.assert(
      fc.asyncProperty(limits, fc.array(call, { maxLength: 60, size: 'max' }), async ({ rate, burst }, calls) => {
        const { clock, bucket } = bucketOf(rate, burst);
        const atAws = { tokens: burst, filledAt: clock.monotonicMs() };
        let throttled = 0;
        for (const { after, travel } of calls) {
          void granted(bucket.acquire(claim(), never)).then((grant) => {
            clock.after(travel.there, () => {
              const added = ((clock.monotonicMs() - atAws.filledAt) / 1000) * rate;
              atAws.tokens = Math.min(burst, atAws.tokens + added);
              atAws.filledAt = clock.monotonicMs();
              if (atAws.tokens < 1 - 1e-3) throttled += 1;
              else atAws.tokens -= 1;
              clock.after(travel.back, () => bucket.settle(grant, false));
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

  it('takes a call that is not answered for a second to have arrived', async () => {
    const { clock, bucket } = bucketOf(10, 1);
    await granted(bucket.acquire(claim(), never));
    const second = granted(bucket.acquire(claim(), never));
    await clock.advance(5_000);
    expect((await second).waitedMs).toBe(1_100);
  });

  it('turns a call away at once when its wait would pass its deadline, and says how long the wait would be', async () => {
    const { clock, bucket } = bucketOf(1, 1);
    bucket.settle(await granted(bucket.acquire(claim(), never)), false);
    void bucket.acquire(claim(), never);
    expect(await bucket.acquire(claim('interactive', clock.monotonicMs() + 1_500), never)).toEqual({ waitMs: 2_000 });
    expect(bucket.waiting).toBe(1);
    void bucket.acquire(claim('interactive', clock.monotonicMs() + 2_500), never);
    expect(bucket.waiting).toBe(2);
  });

  it('forgets a call whose signal fires, and gives its place to the next', async () => {
    const { clock, bucket } = bucketOf(1, 1);
    bucket.settle(await granted(bucket.acquire(claim(), never)), false);
    const leaving = new AbortController();
    const left = bucket.acquire(claim(), leaving.signal);
    const next = granted(bucket.acquire(claim(), never));
    leaving.abort('gone');
    await expect(left).rejects.toBe('gone');
    await clock.advance(1_000);
    expect((await next).waitedMs).toBe(1_000);
    expect(clock.pending).toBe(0);
  });

  it('slows down after a throttle, counts throttles of calls that were under way together once, and recovers', async () => {
    const { clock, bucket } = bucketOf(10, 4);
    const together = await Promise.all([1, 2, 3].map(() => granted(bucket.acquire(claim(), never))));
    await clock.advance(50);
    for (const grant of together) bucket.settle(grant, true);
    expect(bucket.rate).toBeCloseTo(7);
    await clock.advance(3_000);
    expect(bucket.rate).toBeCloseTo(8.5);
    await clock.advance(60_000);
    expect(bucket.rate).toBe(10);
  });

  it('pauses longer with every throttle in a row, and repeats a throttled call before new ones', async () => {
    const { clock, bucket } = bucketOf(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, () => 1);
    const pauses: number[] = [];
    let grant = await granted(bucket.acquire(claim(), never));
    for (let i = 0; i < 5; i++) {
      await clock.advance(1);
      bucket.settle(grant, true);
      const newcomer = granted(bucket.acquire(claim(), never));
      const repeated = granted(bucket.acquire(claim(), never, { again: true }));
      const order: string[] = [];
      void newcomer.then(() => order.push('newcomer'));
      void repeated.then(() => order.push('repeated'));
      await clock.advance(20_000);
      expect(order).toEqual(['repeated', 'newcomer']);
      grant = await repeated;
      pauses.push(grant.waitedMs);
    }
    expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 5_000]);
  });

  it('moves a waiting background call up when an interactive reader joins it', async () => {
    const { clock, bucket } = bucketOf(1, 2);
    for (let i = 0; i < 2; i++) bucket.settle(await granted(bucket.acquire(claim(), never)), false);
    const poll = { priority: 'background' as Priority, deadline: Number.POSITIVE_INFINITY };
    const order: string[] = [];
    void bucket.acquire(claim('background'), never).then(() => order.push('other poll'));
    void bucket.acquire(poll, never).then(() => order.push('joined poll'));
    bucket.promote(poll);
    await clock.advance(2_000);
    expect(order).toEqual(['joined poll', 'other poll']);
  });
});
