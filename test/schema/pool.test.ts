import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KnownSize } from '../../src/schema/plans/known-sizes.ts';
import { NoPlan, Pool, type Sweep } from '../../src/schema/plans/pool.ts';

/** A sweep of so many calls that tells everything at its end, as one of groups does. */
class CountedSweep implements Sweep<string> {
  calls = 0;
  readonly #size: number;
  readonly #failsAt: number;

  constructor(size: number, failsAt = Number.POSITIVE_INFINITY) {
    this.#size = size;
    this.#failsAt = failsAt;
  }

  async step(most: number) {
    const calls = Math.min(most, 3, this.#size - this.calls);
    this.calls += calls;
    if (this.calls >= this.#failsAt) throw new NoPlan();
    return { calls, complete: this.calls === this.#size };
  }

  answer(key: string) {
    return this.calls === this.#size ? `answer to ${key}` : undefined;
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Demands in waves; between two of them more may come, after the last one not. Resolves to what became of each. */
async function play(waves: readonly number[], sweep: CountedSweep, size: KnownSize, worth = 1) {
  let left = waves.length;
  const pool = new Pool({ sweep: () => sweep, minimum: 4, worth, size, moreMayCome: () => left > 0 });
  const answers: Promise<string | undefined>[] = [];
  for (const count of waves) {
    left -= 1;
    for (let index = 0; index < count; index += 1) answers.push(pool.demand(`${answers.length}`));
    for (let looks = 0; looks < 2; looks += 1) {
      pool.consider();
      await turn();
    }
  }
  for (let looks = 0; pool.waiting > 0; looks += 1) {
    expect(looks).toBeLessThan(1_000);
    pool.consider();
    await turn();
  }
  const told = await Promise.all(answers);
  return { demands: told.length, direct: told.filter((answer) => answer === undefined).length, told };
}

const waves = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 6 });

describe('demands that could be read together', () => {
  it('are all answered, at no more than twice what they cost one by one, whatever the size of the lists', async () => {
    await fc.assert(
      fc.asyncProperty(
        waves,
        fc.integer({ min: 1, max: 120 }),
        fc.constantFrom(1, 0.4),
        async (given, calls, worth) => {
          const sweep = new CountedSweep(calls);
          const { demands, direct, told } = await play(given, sweep, new KnownSize(), worth);
          expect(sweep.calls).toBeLessThanOrEqual(demands * worth);
          expect(sweep.calls + direct).toBeLessThanOrEqual(2 * demands);
          for (const [key, answer] of told.entries()) expect(answer ?? `answer to ${key}`).toBe(`answer to ${key}`);
        },
      ),
    );
  });

  it('cost what the lists cost when those are shorter and all demands are there at once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 4, max: 100 }), fc.integer({ min: 1, max: 100 }), async (count, calls) => {
        fc.pre(calls <= count);
        const sweep = new CountedSweep(calls);
        expect(await play([count], sweep, new KnownSize())).toMatchObject({ direct: 0 });
        expect(sweep.calls).toBe(calls);
      }),
    );
  });

  it('are not tried a second time when the lists are known to be too long', async () => {
    const size = new KnownSize();
    await play([10], new CountedSweep(50), size);
    const again = new CountedSweep(50);
    expect(await play([10], again, size)).toMatchObject({ direct: 10 });
    expect(again.calls).toBe(0);
    // More of them are worth more.
    const more = new CountedSweep(50);
    expect(await play([60], more, size)).toMatchObject({ direct: 0 });
  });

  it('are swept without waiting for the last of them when that was worth it before', async () => {
    const size = new KnownSize();
    await play([30, 30], new CountedSweep(40), size);
    expect(size).toMatchObject({ calls: 40, exact: true, served: 60 });
    const again = new CountedSweep(40);
    const waiting = play([10, 50], again, size);
    await turn();
    expect(again.calls).toBeGreaterThan(0);
    expect(await waiting).toMatchObject({ direct: 0 });
  });

  it('are read one by one when the sweep fails, and are not swept again for the same principal', async () => {
    const size = new KnownSize();
    expect(await play([10], new CountedSweep(9, 4), size)).toMatchObject({ direct: 10 });
    const again = new CountedSweep(9);
    expect(await play([10], again, size)).toMatchObject({ direct: 10 });
    expect(again.calls).toBe(0);
  });
});
