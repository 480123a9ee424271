import diagnostics from 'node:diagnostics_channel';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Vitals } from './process.ts';

const RESOLUTION_MS = 10;

/** The other end of `startProcess`. */
export function serve(url: string): void {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  const answers = watchAnswers();
  process.on('message', async () => {
    const vitals = { delay: lateness(delay), longest: answers.longest() };
    // What is only referred to by what ends in this turn is garbage in the next.
    for (let turn = 0; turn < 3; turn += 1) {
      await sleep(50);
      globalThis.gc?.();
    }
    const { heapUsed } = process.memoryUsage();
    const handles = process.getActiveResourcesInfo().length;
    process.send?.({ ...vitals, heap: heapUsed, handles } satisfies Vitals);
    delay.reset();
    answers.reset();
  });
  // Whoever measures has gone, whichever way.
  process.on('disconnect', () => process.exit());
  process.send?.({ url });
}

/** How late an event loop was, in ms, as a histogram of `RESOLUTION_MS` has it. */
export function lateness(delay: ReturnType<typeof monitorEventLoopDelay>): Vitals['delay'] {
  const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
  return { p50: late(delay.percentile(50)), p99: late(delay.percentile(99)), max: late(delay.max) };
}

/** How long this process takes over its requests: what their clients measure has the clients' own delays in it. */
function watchAnswers() {
  const begun = new WeakMap<object, number>();
  let longest = 0;
  diagnostics.subscribe('http.server.request.start', (event) => {
    begun.set(requestOf(event), performance.now());
  });
  diagnostics.subscribe('http.server.response.finish', (event) => {
    longest = Math.max(longest, performance.now() - (begun.get(requestOf(event)) ?? Number.NaN));
  });
  return {
    longest: () => longest,
    reset: () => {
      longest = 0;
    },
  };
}

/** https://nodejs.org/docs/latest-v20.x/api/diagnostics_channel.html#http */
const requestOf = (event: unknown): object => (event as { readonly request: object }).request;
