import { expect, it, vi } from 'vitest';
import { Stop } from '../../src/upstream/stop.ts';

it('tells each listener once, with the first reason, and none that has left', () => {
  const stop = new Stop();
  const [told, left] = [vi.fn(), vi.fn()];
  stop.addEventListener('abort', told);
  stop.addEventListener('abort', left);
  stop.removeEventListener('abort', left);
  stop.throwIfAborted();
  const reason = new Error('enough');
  stop.abort(reason);
  stop.abort(new Error('again'));
  expect([told.mock.calls.length, left.mock.calls.length]).toEqual([1, 0]);
  expect([stop.aborted, stop.reason]).toEqual([true, reason]);
  expect(() => stop.throwIfAborted()).toThrow(reason);
});

it('bears listeners that leave, come and stop it while it tells them', () => {
  const stop = new Stop();
  const told: string[] = [];
  const second = () => told.push('second');
  stop.addEventListener('abort', () => {
    told.push('first');
    stop.removeEventListener('abort', second);
    stop.addEventListener('abort', () => told.push('too late'));
    stop.abort();
  });
  stop.addEventListener('abort', second);
  stop.abort();
  expect(told).toEqual(['first', 'second']);
});
