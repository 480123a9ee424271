/** `.ci/run` tests properties in full; `npm test` takes a sample of their runs. */
const isFull = process.env['ORGQL_TEST_RUNS'] === 'full';

/** How often a property is tested: `all` in `.ci/run`; elsewhere a tenth of that, but ten times at least. */
export function runs(all: number): number {
  return isFull ? all : Math.min(all, Math.max(10, Math.round(all / 10)));
}
