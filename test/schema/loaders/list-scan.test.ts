import DataLoader from 'dataloader';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ListScan, ScanNotPossibleError, type ScannedLists, ScanSize } from '../../../src/schema/loaders/list-scan.ts';
import { BatchScheduler } from '../../../src/schema/loaders/load-by-key.ts';

/** Lists of so many calls whose values are all found at their end, as those of groups are. */
class CountedLists implements ScannedLists<string> {
  calls = 0;
  readonly #size: number;
  readonly #failsAt: number;

  constructor(size: number, failsAt = Number.POSITIVE_INFINITY) {
    this.#size = size;
    this.#failsAt = failsAt;
  }

  async readNext(maxCalls: number) {
    const calls = Math.min(maxCalls, 3, this.#size - this.calls);
    this.calls += calls;
    if (this.calls >= this.#failsAt) throw new ScanNotPossibleError();
    return { calls, isComplete: this.calls === this.#size };
  }

  find(key: string) {
    return this.calls === this.#size ? `scanned ${key}` : undefined;
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Loads keys in waves. Between two waves a source is pending, after the last one none is. */
async function play(waves: readonly number[], lists: CountedLists, size: ScanSize, costRatio = 1) {
  const scheduler = new BatchScheduler({});
  const scan = new ListScan<string, string>({
    lists: () => lists,
    minKeys: 4,
    cacheKey: (key) => key,
    readOne: async (key) => `direct ${key}`,
    costRatio,
    size,
    hasPendingSources: () => scheduler.isInFlight('source'),
    when: (isReady) => scheduler.when(isReady),
  });
  const loader = new DataLoader<string, string>(async (keys) => scan.load(keys) as never, {
    batchScheduleFn: (dispatch) => void scheduler.when(() => scan.isBatchReady()).then(dispatch),
  });
  const values: Promise<string>[] = [];
  for (const [index, count] of waves.entries()) {
    let reading: () => void = () => undefined;
    // The read that brings the next wave; the last wave is followed by none.
    if (index + 1 < waves.length) scheduler.track('source', new Promise<void>((resolve) => (reading = resolve)));
    for (let each = 0; each < count; each += 1) {
      scan.queue();
      values.push(loader.load(`${values.length}`));
    }
    for (let turns = 0; turns < 4; turns += 1) await turn();
    reading();
  }
  const loaded = await Promise.all(values);
  return { keys: loaded.length, direct: loaded.filter((value) => value.startsWith('direct')).length, loaded };
}

const waves = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 6 });

describe('keys that a list scan could answer', () => {
  it('are all loaded with at most twice the calls of direct reads, whatever the size of the lists', async () => {
    await fc.assert(
      fc.asyncProperty(
        waves,
        fc.integer({ min: 1, max: 120 }),
        fc.constantFrom(1, 0.4),
        async (given, calls, costRatio) => {
          const lists = new CountedLists(calls);
          const { keys, direct, loaded } = await play(given, lists, new ScanSize(), costRatio);
          expect(lists.calls).toBeLessThanOrEqual(keys * costRatio);
          expect(lists.calls + direct).toBeLessThanOrEqual(2 * keys);
          for (const [key, value] of loaded.entries()) expect([`scanned ${key}`, `direct ${key}`]).toContain(value);
        },
      ),
    );
  });

  it('are read from the lists if those take fewer calls and all keys are known at once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 4, max: 100 }), fc.integer({ min: 1, max: 100 }), async (count, calls) => {
        fc.pre(calls <= count);
        const lists = new CountedLists(calls);
        expect(await play([count], lists, new ScanSize())).toMatchObject({ direct: 0 });
        expect(lists.calls).toBe(calls);
      }),
    );
  });

  it('are read directly when the lists are known to be too long', async () => {
    const size = new ScanSize();
    await play([10], new CountedLists(50), size);
    const again = new CountedLists(50);
    expect(await play([10], again, size)).toMatchObject({ direct: 10 });
    expect(again.calls).toBe(0);
    // More keys are worth more calls.
    const more = new CountedLists(50);
    expect(await play([60], more, size)).toMatchObject({ direct: 0 });
  });

  it('are scanned without waiting for the last key if a scan paid before', async () => {
    const size = new ScanSize();
    await play([30, 30], new CountedLists(40), size);
    expect(size).toMatchObject({ calls: 40, isExact: true, answered: 60 });
    const again = new CountedLists(40);
    const waiting = play([10, 50], again, size);
    await turn();
    expect(again.calls).toBeGreaterThan(0);
    expect(await waiting).toMatchObject({ direct: 0 });
  });

  it('are read directly if the scan is impossible, which is remembered for the principal', async () => {
    const size = new ScanSize();
    expect(await play([10], new CountedLists(9, 4), size)).toMatchObject({ direct: 10 });
    const again = new CountedLists(9);
    expect(await play([10], again, size)).toMatchObject({ direct: 10 });
    expect(again.calls).toBe(0);
  });
});
