import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { setTimerAt } from '../../src/pipeline/steps/caller-expiry.ts';

const hour = 3_600_000;

describe('a callback at a date', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  /** Lets time pass, without a step of the wall clock. */
  const pass = (ms: number) => vi.advanceTimersByTime(ms);
  /** Steps the wall clock alone. */
  const step = (ms: number) => vi.setSystemTime(Date.now() + ms);

  it.each([1, 29_999, 30_000, 30_001, hour, 40 * 24 * hour])('%d ms ahead comes to the ms', (ms) => {
    const callback = vi.fn();
    setTimerAt(Date.now() + ms, callback);
    pass(ms - 1);
    expect(callback).not.toHaveBeenCalled();
    pass(1);
    expect(callback).toHaveBeenCalledTimes(1);
  });

  it('is called within 30 s after the wall clock is stepped past its date', () => {
    const callback = vi.fn();
    setTimerAt(Date.now() + hour, callback);
    pass(10_000);
    step(2 * hour);
    pass(30_000);
    expect(callback).toHaveBeenCalledTimes(1);
  });

  it('waits for its date after the wall clock is stepped back', () => {
    const callback = vi.fn();
    setTimerAt(Date.now() + 60_000, callback);
    pass(10_000);
    step(-hour);
    pass(hour);
    expect(callback).not.toHaveBeenCalled();
    pass(50_000);
    expect(callback).toHaveBeenCalledTimes(1);
  });

  it('is never called when it is canceled or its date is infinite', () => {
    const callback = vi.fn();
    const cancel = setTimerAt(Date.now() + hour, callback);
    setTimerAt(Number.POSITIVE_INFINITY, callback);
    pass(40_000);
    cancel();
    pass(2 * hour);
    expect(callback).not.toHaveBeenCalled();
  });
});
