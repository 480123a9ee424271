import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FairScheduler, QueueFullError, type SchedulerLimits } from '../../src/pipeline/fair-scheduler.ts';

const LIMITS: SchedulerLimits = { maxConcurrent: 100, maxQueuedPerKey: 1_000, maxQueued: 10_000 };

/** A scheduler whose time passes only in its tasks, and whose event loop turns when it is asked to. */
function controlled(limits: Partial<SchedulerLimits> = {}) {
  let now = 0;
  const turns: (() => void)[] = [];
  let timers: { at: number; callback: () => void }[] = [];
  const used = new Map<string, number>();
  const cpu = { charge: (key: string, ms: number) => void used.set(key, (used.get(key) ?? 0) + ms) };
  const scheduler = new FairScheduler({ ...LIMITS, ...limits }, cpu, {
    now: () => now,
    nextTurn: (callback) => void turns.push(callback),
    setTimer: (ms, callback) => void timers.push({ at: now + ms, callback }),
  });
  const order: string[] = [];
  const wait = (ms: number): void => {
    now += ms;
    const due = timers.filter(({ at }) => at <= now);
    timers = timers.filter(({ at }) => at > now);
    for (const { callback } of due) callback();
  };
  /** Returns the time that the turn took. If all keys rest, it begins when the first of them has rested. */
  const turn = (): number => {
    if (turns.length === 0 && timers.length > 0) wait(Math.min(...timers.map(({ at }) => at)) - now);
    const begun = now;
    turns.shift()?.();
    return now - begun;
  };
  return {
    scheduler,
    used,
    order,
    /** Adds a task that takes `ms`. */
    add: (key: string, ms: number) =>
      void scheduler.run(key, () => {
        order.push(key);
        now += ms;
      }),
    turn,
    turnAll(): void {
      while (turns.length + timers.length > 0) turn();
    },
    /** Runs what can run without a wait. */
    turnNow(): void {
      while (turns.length > 0) turns.shift()?.();
    },
    /** Time passes in which no task runs; timers that are due call back. */
    wait,
    /** Does work that is no task. */
    work: (key: string, ms: number) =>
      scheduler.runShort(key, () => {
        order.push(`work of ${key}`);
        now += ms;
      }),
  };
}

test('a task runs at once if the current turn of the event loop has time left', () => {
  const { scheduler, add, order } = controlled();
  add('a', 1);
  add('b', 1);
  expect(order).toEqual(['a', 'b']);
  expect(scheduler.run('a', () => 'done')).toBe('done');
});

test('a key that has used little time goes before one that has used much', () => {
  const { add, order, turnAll } = controlled();
  for (let n = 0; n < 5; n += 1) add('heavy', 80);
  add('light', 1);
  turnAll();
  expect(order).toEqual(['heavy', 'light', 'heavy', 'heavy', 'heavy', 'heavy']);
});

test('no turn of the event loop takes longer than a slice and one task', () => {
  const tasks = fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'c'), ms: fc.integer({ min: 0, max: 50 }) }));
  fc.assert(
    fc.property(tasks, (added) => {
      const { scheduler, add, turn, used } = controlled();
      for (const { key, ms } of added) add(key, ms);
      while (scheduler.queuedTasks > 0) expect(turn()).toBeLessThan(10 + 50);
      const sum = added.reduce((total, { ms }) => total + ms, 0);
      expect([...used.values()].reduce((total, ms) => total + ms, 0)).toBe(sum);
    }),
  );
});

test('every task runs once, and those of one key in order', async () => {
  const keys = fc.array(fc.record({ key: fc.nat(20).map(String), ms: fc.nat(30) }), { maxLength: 200 });
  await fc.assert(
    fc.asyncProperty(keys, async (added) => {
      const { scheduler, turnAll } = controlled({ maxConcurrent: 2 });
      const seen: Record<string, number[]> = {};
      const results = added.map(({ key }, index) =>
        scheduler.run(key, async () => {
          seen[key] ??= [];
          seen[key].push(index);
          return index;
        }),
      );
      for (let round = 0; scheduler.queuedTasks > 0; round += 1) {
        turnAll();
        await Promise.resolve();
        expect(round).toBeLessThan(2_000);
      }
      expect(await Promise.all(results)).toEqual(added.map((_, index) => index));
      for (const indexes of Object.values(seen)) expect(indexes).toEqual(indexes.toSorted((a, b) => a - b));
    }),
  );
});

test('new keys do not starve an earlier one', () => {
  const { add, order, turn } = controlled();
  add('old', 20);
  add('old', 20);
  for (let n = 0; n < 200 && order.filter((key) => key === 'old').length < 2; n += 1) {
    add(`new ${n}`, 20);
    turn();
  }
  expect(order.filter((key) => key === 'old')).toHaveLength(2);
  expect(order.length).toBeLessThan(10);
});

test('tasks beyond the queue’s bounds are rejected, and the others run', () => {
  const { scheduler, add, order, turnAll } = controlled({ maxQueuedPerKey: 2, maxQueued: 3 });
  add('a', 10);
  add('a', 1);
  add('a', 1);
  expect(() => add('a', 1)).toThrow(new QueueFullError('maxQueuedPerKey'));
  add('b', 1);
  expect(() => add('c', 1)).toThrow(new QueueFullError('maxQueued'));
  turnAll();
  expect(order).toHaveLength(4);
  expect(scheduler.queuedTasks).toBe(0);
});

test('a key runs at most the allowed number of tasks; a released or finished one lets the next run', async () => {
  const { scheduler, turnAll } = controlled({ maxConcurrent: 1 });
  let finish = () => {};
  const first = scheduler.run(
    'a',
    () =>
      new Promise<void>((resolve) => {
        finish = resolve;
      }),
  );
  let second = 'waits';
  const waiting = scheduler.run('a', ({ release, holdUntilReleased }) => {
    second = 'runs';
    holdUntilReleased();
    return release;
  });
  turnAll();
  expect(second).toBe('waits');
  expect(scheduler.run('b', () => 'other keys run')).toBeInstanceOf(Promise);
  turnAll();
  finish();
  await first;
  turnAll();
  expect(second).toBe('runs');
  let third = 'waits';
  void scheduler.run('a', () => {
    third = 'runs';
  });
  turnAll();
  expect(third).toBe('waits');
  (await waiting)();
  turnAll();
  expect(third).toBe('runs');
});

test('a paused task continues before a new task of its key, after turns of other keys', async () => {
  const { scheduler, add, order, turn } = controlled({ maxConcurrent: 1 });
  const long = scheduler.run('long', async () => {
    for (let part = 0; part < 3; part += 1) {
      await scheduler.nextTurn('long');
      order.push(`part ${part}`);
    }
  });
  for (let n = 0; n < 3; n += 1) add('short', 10);
  for (let n = 0; n < 10; n += 1) {
    turn();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await long;
  expect(order.filter((each) => each === 'short')).toHaveLength(3);
  expect(order.indexOf('short')).toBeLessThan(order.indexOf('part 2'));
});

test('keys without tasks are removed', () => {
  const { scheduler, add, turnAll } = controlled();
  for (let n = 0; n < 20_000; n += 1) {
    add(`address ${n}`, n % 3);
    turnAll();
  }
  expect(scheduler.keyCount).toBeLessThan(2_000);
});

test('after a long task, its key pauses for the same time while another key is active', () => {
  const { add, order, turnNow, wait } = controlled();
  add('light', 1);
  for (let n = 0; n < 3; n += 1) add('heavy', 80);
  turnNow();
  expect(order).toEqual(['light', 'heavy']);
  add('light', 1);
  turnNow();
  wait(78);
  turnNow();
  expect(order).toEqual(['light', 'heavy', 'light']);
  wait(1);
  turnNow();
  expect(order).toEqual(['light', 'heavy', 'light', 'heavy']);
});

test('a lone key never pauses', () => {
  const { add, order, turnAll, wait } = controlled();
  add('light', 1);
  wait(1_000);
  for (let n = 0; n < 3; n += 1) add('heavy', 80);
  turnAll();
  expect(order).toEqual(['light', 'heavy', 'heavy', 'heavy']);
});

test('work waits for its turn in order, and goes before new tasks of its key', () => {
  const { work, add, order, turn, turnAll, used } = controlled();
  add('heavy', 20);
  add('heavy', 5);
  work('heavy', 5);
  work('heavy', 5);
  work('light', 1);
  expect(order).toEqual(['heavy']);
  turn();
  expect(order).toEqual(['heavy', 'work of light', 'work of heavy', 'work of heavy']);
  turnAll();
  expect(order.at(-1)).toBe('heavy');
  expect([...used]).toEqual([
    ['heavy', 35],
    ['light', 1],
  ]);
});

test('a task that starts within other work is charged once', () => {
  const { scheduler, add, used } = controlled();
  scheduler.runShort('a', () => add('a', 3));
  expect([...used]).toEqual([['a', 3]]);
});

test('a task started by short work of its key runs in the same turn; after long work it waits', () => {
  const { scheduler, add, work, turn, wait } = controlled();
  add('b', 20);
  work('c', 5);
  const begun: string[] = [];
  for (const ms of [3, 15])
    scheduler.runShort('a', () => {
      wait(ms);
      void scheduler.run('a', () => begun.push(`after ${ms} ms`));
    });
  add('b', 1);
  turn();
  expect(begun).toEqual(['after 3 ms']);
});

test('while connections are accepted, tasks yield to them, for at most a slice', () => {
  const { scheduler, add, order, turn, wait } = controlled();
  for (let n = 0; n < 3; n += 1) add('a', 20);
  turn();
  expect(order).toHaveLength(2);
  for (let n = 0; n < 9; n += 1) {
    scheduler.onConnectionAccepted();
    turn();
    wait(1);
  }
  expect(order).toHaveLength(2);
  scheduler.onConnectionAccepted();
  wait(1);
  turn();
  expect(order).toHaveLength(3);
});

test('tasks continue in the next turn when no more connections are accepted', () => {
  const { scheduler, add, order, turn } = controlled();
  for (let n = 0; n < 3; n += 1) add('a', 20);
  turn();
  scheduler.onConnectionAccepted();
  turn();
  expect(order).toHaveLength(2);
  turn();
  expect(order).toHaveLength(3);
});
