import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/upstream/clock.ts';

const day = 86_400_000;

describe('systemClock', () => {
  const clock = systemClock;
  beforeEach(() => {
    // Like Node's, its setTimeout fires after 1 ms if the delay is too long.
    vi.useFakeTimers();
  });
  afterEach(() => {
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  it.each([1, 2 ** 31 - 1, 2 ** 31, 30 * day, 100 * day, 3 * (2 ** 31 - 1)])('waits exactly %d ms', (ms) => {
    const task = vi.fn();
    clock.after(ms, task);
    vi.advanceTimersByTime(ms - 1);
    expect(task).toHaveBeenCalledTimes(0);
    vi.advanceTimersByTime(1);
    vi.advanceTimersByTime(200 * day);
    expect(task).toHaveBeenCalledTimes(1);
  });

  it('never fires early, not even by a fraction of a ms', () => {
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

  it('never runs a task after infinite time, and runs a past one at once', () => {
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

it('a step of the wall clock changes wallMs only', () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    const [measured, wallMs] = [systemClock.monotonicMs(), systemClock.wallMs()];
    vi.setSystemTime(Date.now() - 3_600_000);
    expect(systemClock.monotonicMs()).toBeGreaterThanOrEqual(measured);
    expect(systemClock.wallMs()).toBeLessThan(wallMs);
  } finally {
    vi.useRealTimers();
  }
});
