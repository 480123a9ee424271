import { Session } from 'node:inspector/promises';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Executed {
  /** The files in which at least one function was called, and the number of those functions, in descending order. */
  readonly files: readonly { readonly name: string; readonly functions: number }[];
  readonly functions: number;
}

export interface Coverage {
  /** Returns the coverage of `run`, and of the gateway's work right after its response. */
  during(run: () => Promise<unknown>): Promise<Executed>;
}

/** The compiled src, with one file for each of src. */
const SRC = new URL('../../src/', import.meta.url).href;

/** Not part of the gateway. */
const APART = ['simulator/', 'control-policies/'];

/** Time in which the gateway writes its audit line and releases an operation's resources, in ms. */
const SETTLES = 100;

export async function startCoverage(): Promise<Coverage> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  return {
    async during(run) {
      await sleep(SETTLES);
      // Taking the coverage resets all counters.
      await session.post('Profiler.takePreciseCoverage');
      await run();
      await sleep(SETTLES);
      const { result } = await session.post('Profiler.takePreciseCoverage');
      const files = result
        .filter(({ url }) => url.startsWith(SRC))
        .map(({ url, functions }) => ({
          name: url.slice(SRC.length).replace(/\.js$/, '.ts'),
          functions: functions.filter(({ ranges }) => (ranges[0]?.count ?? 0) > 0).length,
        }))
        .filter(({ name, functions }) => functions > 0 && !APART.some((folder) => name.startsWith(folder)))
        .sort((a, b) => b.functions - a.functions || a.name.localeCompare(b.name));
      return { files, functions: files.reduce((sum, file) => sum + file.functions, 0) };
    },
  };
}
