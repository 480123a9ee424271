/** `.ci/run` tests properties in full; `npm test` takes a sample of their runs. */
const isFull = process.env['TEST_RUNS'] === 'full';

/** How often a property is tested: `all` in `.ci/run`; elsewhere a tenth of that, but `least` at least. */
export function runs(all: number, least = Math.min(all, 10)): number {
  return isFull ? all : Math.max(least, Math.round(all / 10));
}
