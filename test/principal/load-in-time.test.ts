import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { loadInTime, StillLoading } from '../../src/principal/credentials.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

/** A load whose ends the test decides. */
function scripted() {
  const ends: { resolve(text: string): void; reject(error: Error): void }[] = [];
  const load = loadInTime(() => new Promise<string>((resolve, reject) => void ends.push({ resolve, reject })));
  return { ends, load };
}

it('loads once for concurrent callers, and again for later ones', async () => {
  const { ends, load } = scripted();
  const both = Promise.all([load(1_000), load(1_000)]);
  ends[0]?.resolve('first');
  expect(await both).toEqual(['first', 'first']);
  const again = load(1_000);
  ends[1]?.reject(new Error('no'));
  await expect(again).rejects.toThrow('no');
  expect(vi.getTimerCount()).toBe(0);
});

it('rejects every caller at the limit after the load began, and returns a later result to later callers', async () => {
  const { ends, load } = scripted();
  const first = expect(load(8_000)).rejects.toBeInstanceOf(StillLoading);
  await vi.advanceTimersByTimeAsync(6_000);
  const second = expect(load(8_000)).rejects.toMatchObject({ sinceMs: 8_000 });
  await vi.advanceTimersByTimeAsync(2_000);
  await Promise.all([first, second]);
  const late = expect(load(8_000)).rejects.toBeInstanceOf(StillLoading);
  await vi.advanceTimersByTimeAsync(1);
  await late;
  const inTime = load(30_000);
  ends[0]?.resolve('slow');
  expect(await inTime).toBe('slow');
  expect(ends).toHaveLength(1);
});

it('keeps a late result for the next caller, once', async () => {
  const { ends, load } = scripted();
  const turnedAway = expect(load(8_000)).rejects.toBeInstanceOf(StillLoading);
  await vi.advanceTimersByTimeAsync(8_000);
  await turnedAway;
  ends[0]?.resolve('late');
  await vi.advanceTimersByTimeAsync(100_000);
  expect(await load(8_000)).toBe('late');
  const anew = load(8_000);
  ends[1]?.resolve('anew');
  expect(await anew).toBe('anew');
});

it('loads again for the next caller after a late error', async () => {
  const { ends, load } = scripted();
  const turnedAway = expect(load(8_000)).rejects.toBeInstanceOf(StillLoading);
  await vi.advanceTimersByTimeAsync(8_000);
  await turnedAway;
  ends[0]?.reject(new Error('late'));
  await vi.advanceTimersByTimeAsync(1);
  const anew = load(8_000);
  ends[1]?.resolve('anew');
  expect(await anew).toBe('anew');
});

it('abandons a load that has not ended after a minute', async () => {
  const { ends, load } = scripted();
  load(8_000).catch(() => {});
  await vi.advanceTimersByTimeAsync(60_000);
  const anew = load(8_000);
  ends[0]?.reject(new Error('the old one'));
  ends[1]?.resolve('the new one');
  expect(await anew).toBe('the new one');
});
