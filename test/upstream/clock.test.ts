import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/upstream/clock.ts';

const day = 86_400_000;

describe('systemClock', () => {
  const clock = systemClock;
  beforeEach(() => {
    // Its setTimeout takes a delay that is too long for 1 ms, as Node's does.
    vi.useFakeTimers();
  });
  afterEach(() => {
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  it.each([1, 2 ** 31 - 1, 2 ** 31, 30 * day, 100 * day, 3 * (2 ** 31 - 1)])('waits %d ms to the ms', (ms) => {
    const task = vi.fn();
    clock.after(ms, task);
    vi.advanceTimersByTime(ms - 1);
    expect(task).toHaveBeenCalledTimes(0);
    vi.advanceTimersByTime(1);
    vi.advanceTimersByTime(200 * day);
    expect(task).toHaveBeenCalledTimes(1);
  });

  it('never fires early: what is left of a ms is waited for', () => {
    const task = vi.fn();
    clock.after(10.25, task);
    vi.advanceTimersByTime(10);
    expect(task).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(task).toHaveBeenCalledTimes(1);
  });

  it.each([1, 30 * day, 60 * day])('a wait that is canceled after %d ms leaves no timer', (ms) => {
    const task = vi.fn();
    const cancel = clock.after(90 * day, task);
    vi.advanceTimersByTime(ms);
    cancel();
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(200 * day);
    expect(task).not.toHaveBeenCalled();
  });

  it('never runs what is infinitely far, and at once what is past', () => {
    const [never, late] = [vi.fn(), vi.fn()];
    clock.after(Number.POSITIVE_INFINITY, never);
    clock.after(-5, late);
    expect(late).not.toHaveBeenCalled();
    vi.advanceTimersByTime(0);
    expect(late).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(200 * day);
    expect(never).not.toHaveBeenCalled();
  });
});

it('only wallMs follows when the wall clock is stepped', () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    const [measured, told] = [systemClock.monotonicMs(), systemClock.wallMs()];
    vi.setSystemTime(Date.now() - 3_600_000);
    expect(systemClock.monotonicMs()).toBeGreaterThanOrEqual(measured);
    expect(systemClock.wallMs()).toBeLessThan(told);
  } finally {
    vi.useRealTimers();
  }
});
