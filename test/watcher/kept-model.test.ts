import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type OperationName, operations, type WriteName } from '../../src/upstream/index.ts';
import { runs } from '../support/runs.ts';
import { CopyModel, type Storage, smallOrganization } from './support/copy-model.ts';
import { settled } from './support/index.ts';
import { randomWrites } from './support/random-writes.ts';

const small = fc.nat({ max: 30 });
type Step = (model: CopyModel) => void | Promise<void>;
const step = <T>(
  name: string,
  argument: fc.Arbitrary<T>,
  run: (model: CopyModel, argument: T) => void | Promise<void>,
) =>
  argument.map(
    (value): Step =>
      Object.assign((model: CopyModel) => run(model, value), { toString: () => `${name}(${fc.stringify(value)})` }),
  );

const writes = Object.keys(randomWrites) as WriteName[];
/** Writes that replace the organization, which few runs make. */
const isRare = (operation: WriteName) => operation === 'DeleteOrganization' || operation === 'CreateOrganization';
const operation = fc.oneof(
  { weight: 60, arbitrary: fc.constantFrom(...writes.filter((name) => !isRare(name))) },
  { weight: 1, arbitrary: fc.constantFrom(...writes.filter(isRare)) },
);
const write = fc.tuple(operation, small, small);
const reads = (Object.keys(operations) as OperationName[]).filter((name) => /^(Describe|List)/.test(name));

const steps = {
  advance: step('advance', fc.nat({ max: 4_000 }), ({ clock }, ms) => clock.advance(ms)),
  advanceFar: step('advance', fc.nat({ max: 90_000 }), ({ clock }, ms) => clock.advance(ms)),
  write: step('write', write, (model, chosen) => void model.write(...chosen)),
  hinted: step('hinted', write, (model, chosen) => model.hint(model.write(...chosen), chosen[1])),
  hintedLate: step('hintedLate', fc.tuple(write, fc.nat({ max: 60_000 })), (model, [chosen, ms]) =>
    model.hintLater(model.write(...chosen), ms),
  ),
  hintedTwice: step('hintedTwice', write, (model, chosen) => {
    const hint = model.write(...chosen);
    model.hint(hint, 0);
    model.hint(hint, 1);
    model.hintLater(hint, 500);
  }),
  ownWrite: step('ownWrite', write, async (model, chosen) => {
    // The order of a read and a write within the same ms is unknown.
    await model.clock.advanceAside();
    model.ownWrite(...chosen);
    await settled();
  }),
  fail: step('fail', fc.tuple(fc.nat({ max: 10 }), fc.boolean()), ({ aws }, [times, isThrottled]) => {
    if (times === 0) return aws.control.setFaults({ failures: [] });
    const error = isThrottled ? 'TooManyRequestsException' : 'ServiceException';
    aws.control.fail({ failure: { kind: 'error', error }, times });
  }),
  refuse: step(
    'refuse',
    fc.tuple(fc.constantFrom(...reads), fc.integer({ min: 1, max: 40 })),
    ({ aws }, [name, times]) => {
      aws.control.fail({ operation: name, failure: { kind: 'error', error: 'AccessDeniedException' }, times });
    },
  ),
  lag: step('lag', fc.constantFrom(0, 3_000, 14_000), ({ aws }, ms) => {
    // A check accepts what a list may show since the last sweep.
    aws.maxLagMs = Math.max(aws.maxLagMs, ms);
  }),
  emptyPages: step('emptyPages', fc.constantFrom(0, 0.5), ({ aws }, share) => aws.control.setEmptyPages(share)),
  slow: step('slow', fc.constantFrom(1, 200, 3_000), ({ aws }, ms) => {
    aws.maxLatencyMs = ms;
  }),
  restart: step('restart', fc.nat({ max: 20 }), (model, at) => model.restart(at)),
};

const weighted = (weights: { readonly [S in keyof typeof steps]?: number }) =>
  fc.oneof(
    ...Object.entries(weights).map(([name, weight]) => ({ weight, arbitrary: steps[name as keyof typeof steps] })),
  );

const weights = {
  ...{ advance: 8, advanceFar: 3, write: 4, hinted: 4, hintedLate: 2, hintedTwice: 1, ownWrite: 8 },
  ...{ fail: 2, lag: 1, emptyPages: 1, slow: 1, restart: 1 },
};

interface Variant {
  readonly principals: number;
  readonly hasPaths: boolean;
  /** See `CopyModel`. */
  readonly relayMs: number;
}
const anyVariant = {
  steps: weighted({ ...weights, refuse: 1 }),
  variant: fc.record<Variant>({
    principals: fc.constantFrom(1, 1, 2),
    hasPaths: fc.constantFrom(true, true, true, false),
    relayMs: fc.constantFrom(0, 300, 3_000),
  }),
};
/** What runs were made of when the failed ones were found. */
const firstVariant = {
  steps: weighted(weights),
  variant: fc.constant<Variant>({ principals: 1, hasPaths: true, relayMs: 0 }),
};

const storages = fc.constantFrom<Storage>('memory', 'level', 'slow level', 'shared', 'shared');

/**
 * The runs are always the same, so that a failure is one of the change that is tested. `MODEL_SEED=7 MODEL_RUNS=500`
 * looks for others, and `MODEL_PATH` repeats one.
 */
const { MODEL_SEED, MODEL_RUNS, MODEL_PATH } = process.env;
const chosenRun: fc.Parameters<unknown> =
  MODEL_SEED === undefined
    ? { seed: 1 }
    : { seed: Number(MODEL_SEED), numRuns: Number(MODEL_RUNS ?? 1), path: MODEL_PATH ?? '', endOnFailure: true };

/**
 * Runs that have failed: the end of a sweep removed tags that an event had read in the meantime, attachments of a policy
 * that was gone for a while were not read again, entries of the history within one millisecond replaced each other, a
 * list became too old when a part took twice the time of the last sweep, and members that an own write had not changed
 * counted as new.
 */
const failedRuns = [
  {
    seed: 520109486,
    path: '5:3:0:0:0:0:0:0:0:3:0:1:1:1:2:1:1:1:0:1:7:4:4:4:5:8:8:8:8:12:12:12:7:7:7:7:7:7:7:7:7:7:9:8:9:8:7',
  },
  { seed: 424242, path: '143' },
  { seed: 33, path: '158' },
  { seed: 11, path: '47' },
  { seed: 77, path: '59' },
  { seed: -1454138911, path: '30' },
];

/** Returns how many changes the histories of the runs have. */
async function checkRuns(
  parameters: fc.Parameters<unknown>,
  { steps: all, variant }: typeof anyVariant,
): Promise<number> {
  let changes = 0;
  await fc.assert(
    fc.asyncProperty(
      storages,
      fc.nat(),
      fc.constantFrom(0, 0.5, 0.99),
      fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
      fc.array(all, { minLength: 5, maxLength: 60 }),
      variant,
      async (storage, seed, random, shiftingPageSize, sequence, { principals, hasPaths, relayMs }) => {
        const model = new CopyModel(storage, { seed, random, principals, relayMs });
        model.aws.shiftingPageSize = shiftingPageSize;
        model.aws.hasPaths = hasPaths;
        await model.start(smallOrganization);
        for (const next of sequence) {
          await next(model);
          await settled();
          model.check();
        }
        await model.finish();
        model.check();
        changes += model.historyEntries;
        await model.end();
      },
    ),
    parameters,
  );
  return changes;
}

describe('with any changes, faults and restarts in any order', () => {
  it('copies are no older than they say, keep to their share of the rates, become equal to AWS, and have its history', {
    timeout: 900_000,
  }, async () => {
    expect(await checkRuns({ numRuns: runs(240), ...chosenRun }, anyVariant)).toBeGreaterThan(0);
  });

  it.each([
    ['the age of a list is that of an own write that stands against a later read of it', 7, '62'],
    ['a part that an own write has made older counts for the age of its list', 21, '239'],
    ['the parent of an account is not reverted while a newer one is being stored', 202, '7'],
    ['a list is not empty because AWS refuses the list that says which parts it has', 21, '186'],
  ])('%s', async (_rule, seed, path) => {
    await checkRuns({ seed, path, numRuns: 1, endOnFailure: true }, anyVariant);
  });

  it.each(failedRuns)('the run of seed $seed that has failed once passes', async (run) => {
    await checkRuns({ ...run, numRuns: 1, endOnFailure: true }, firstVariant);
  });
});
