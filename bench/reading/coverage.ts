import { Session } from 'node:inspector/promises';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Executed {
  /** The files of which at least one function was called, and how many functions were, largest first. */
  readonly files: readonly { readonly name: string; readonly functions: number }[];
  readonly functions: number;
}

export interface Coverage {
  /** What `run` executes, with what the gateway does right after its answer. */
  during(run: () => Promise<unknown>): Promise<Executed>;
}

/** The compiled src, whose files are those of src one for one. */
const SRC = new URL('../../src/', import.meta.url).href;

/** Not the gateway. */
const APART = ['simulator/', 'control-policies/'];

/** In ms: the time in which the gateway writes its audit line and releases what an operation held. */
const SETTLES = 100;

export async function startCoverage(): Promise<Coverage> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  return {
    async during(run) {
      await sleep(SETTLES);
      // Taking the coverage sets all counts to 0.
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
