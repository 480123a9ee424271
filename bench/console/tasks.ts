import type { Browser } from 'playwright-core';
import type { BenchPage } from './page.ts';

/** The tasks of the page's main thread, in ms. */
export interface LongestTask {
  readonly wall: number;
  /** The most that one task used of a CPU: without the time that other processes had it. */
  readonly cpu: number;
  /** What took longest in that one. */
  readonly within: string;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  /** In µs, as `tdur`, the CPU time of the thread. */
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: Readonly<Record<string, unknown>>;
}

const CATEGORIES = ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline', '__metadata'];
const TASKS = new Set(['RunTask', 'ThreadControllerImpl::RunTask']);

/** Parts that stand for a whole task, and say nothing about it. */
const FRAMES = new Set([...TASKS, 'FireAnimationFrame', 'RunMicrotasks']);

/** A main thread is never without a task for so long while a page is used, in ms: the trace lacks some. */
const MAX_GAP_MS = 10_000;

/** The longest task of the page while something is done with it. */
export async function longestTask(browser: Browser, view: BenchPage, work: () => Promise<void>): Promise<LongestTask> {
  await browser.startTracing(view.page, { categories: CATEGORIES });
  const start = performance.now();
  let ms: number;
  let trace: Buffer;
  try {
    await work();
  } finally {
    ms = performance.now() - start;
    trace = await browser.stopTracing();
  }
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: readonly TraceEvent[] };
  return longestOf(traceEvents, ms);
}

/** All renderers count: a navigation may change it, and a spare one has short tasks only. */
function longestOf(events: readonly TraceEvent[], ms: number): LongestTask {
  const threadOf = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`;
  const mains = new Set(
    events.filter(({ name, args }) => name === 'thread_name' && args?.['name'] === 'CrRendererMain').map(threadOf),
  );
  const complete = events.filter((event) => event.ph === 'X' && mains.has(threadOf(event)));
  const tasks = complete.filter(({ name }) => TASKS.has(name)).toSorted((a, b) => a.ts - b.ts);
  const covered = ((tasks.at(-1)?.ts ?? 0) - (tasks[0]?.ts ?? 0)) / 1000;
  if (covered < ms - MAX_GAP_MS) throw new Error(`The trace has ${covered.toFixed(0)} ms of ${ms.toFixed(0)} only.`);
  const busiest = tasks.reduce((known, task) => (cpuOf(task) > cpuOf(known) ? task : known));
  const end = busiest.ts + (busiest.dur ?? 0);
  const [part] = complete
    .filter(({ name, ts }) => !FRAMES.has(name) && ts >= busiest.ts && ts < end)
    .filter((event) => threadOf(event) === threadOf(busiest))
    .toSorted((a, b) => cpuOf(b) - cpuOf(a));
  const wall = tasks.reduce((longest, { dur = 0 }) => Math.max(longest, dur), 0) / 1000;
  return { wall, cpu: cpuOf(busiest) / 1000, within: part?.name ?? '' };
}

const cpuOf = ({ tdur, dur = 0 }: TraceEvent): number => tdur ?? dur;
