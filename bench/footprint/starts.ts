import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { median } from './figures.ts';
import type { Vitals } from './vitals.ts';

export interface Command {
  readonly title: string;
  readonly args: readonly string[];
}

export interface Start {
  readonly title: string;
  /** Median time from the spawn to the ready line, or to the exit of a command without one, in ms. */
  readonly ms: number;
  /** User and system CPU time until then, in ms. Undefined for commands that exit. */
  readonly cpuMs: number | undefined;
  readonly modules: number;
  /** Memory one second after the ready line. Undefined for commands that exit. */
  readonly idle: { readonly rss: number; readonly heap: number } | undefined;
}

/** Time for the rest of a start, in ms. */
const REST_MS = 1_000;
const vitals = new URL('./vitals.js', import.meta.url).href;
const environment = { PATH: process.env['PATH'], ORGQL_LOG_LEVEL: 'silent' };

/** Starts each command `runs` times, in rounds, so that disturbances of the machine affect all commands equally. */
export async function measureStarts(commands: readonly Command[], runs: number): Promise<Start[]> {
  const taken = new Map<Command, number[]>(commands.map((command) => [command, []]));
  for (let round = 0; round <= runs; round += 1) {
    for (const command of commands) {
      const ms = await timeOf(command);
      // The first round loads the files into the system's cache.
      if (round > 0) taken.get(command)?.push(ms);
    }
  }
  const starts: Start[] = [];
  for (const command of commands) {
    const seen: { cpu: number; rss: number; heap: number }[] = [];
    for (let run = 0; run < Math.min(runs, 3); run += 1) {
      const one = await restOf(command);
      if (one) seen.push(one);
    }
    const of = (figure: 'cpu' | 'rss' | 'heap') => median(seen.map((one) => one[figure]));
    starts.push({
      title: command.title,
      ms: median(taken.get(command) ?? []),
      cpuMs: seen.length === 0 ? undefined : of('cpu') / 1_000,
      modules: await modulesOf(command),
      idle: seen.length === 0 ? undefined : { rss: of('rss'), heap: of('heap') },
    });
  }
  return starts;
}

async function timeOf({ args }: Command): Promise<number> {
  const spawnedAt = performance.now();
  const child = spawn(process.execPath, args, { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
  await readyOrGone(child);
  const ms = performance.now() - spawnedAt;
  await end(child, 'SIGKILL');
  return ms;
}

async function restOf({ args }: Command): Promise<{ cpu: number; rss: number; heap: number } | undefined> {
  const child = spawn(process.execPath, ['--expose-gc', `--import=${vitals}`, ...args], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  if (!(await readyOrGone(child))) return undefined;
  const ask = async (): Promise<Vitals> => {
    const answered = once(child, 'message');
    child.send('vitals');
    return (await answered)[0];
  };
  const { cpu } = await ask();
  await sleep(REST_MS);
  const { rss, heap } = await ask();
  await end(child, 'SIGKILL');
  return { cpu, rss, heap };
}

/** Number of loaded modules, ES and CommonJS, from Node's coverage. */
async function modulesOf({ args }: Command): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'orgql-'));
  const child = spawn(process.execPath, args, {
    env: { ...environment, NODE_V8_COVERAGE: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await readyOrGone(child);
  await end(child, 'SIGTERM');
  const scripts = readdirSync(folder).flatMap(
    (file): { url: string }[] => JSON.parse(readFileSync(join(folder, file), 'utf8')).result,
  );
  rmSync(folder, { recursive: true });
  return scripts.filter(({ url }) => url.startsWith('file:')).length;
}

/** Whether the command printed a ready line before it exited. */
async function readyOrGone(child: ChildProcess): Promise<boolean> {
  const ready = new Promise<true>((resolve) => {
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      if (/ready at \S+\n/.test(text)) resolve(true);
    });
  });
  const gone = once(child, 'close').then(() => false as const);
  return Promise.race([ready, gone]);
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'close');
  child.kill(signal);
  await gone;
}

export const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
