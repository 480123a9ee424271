import type { DemoOptions } from './gateway.ts';

/**
 * The conditions in which each story must succeed: no faults, and all that AWS can do to a client at once. There the gateway keeps to the documented
 * rates and the simulator enforces them, replies take 100 ms, every other page is empty, and one call in ten is refused for the moment.
 */
export const conditions: readonly (readonly [name: string, options: DemoOptions, timeoutMs: number])[] = [
  ['without faults', {}, 20_000],
  [
    'with throttles, latency, empty pages and one call in ten failing',
    {
      simulator: {
        throttle: true,
        latencyMs: 100,
        emptyPages: true,
        faults: {
          failures: [{ failure: { kind: 'error', error: 'TooManyRequestsException' }, probability: 0.1 }],
        },
      },
      config: { upstream: { budget: 'documented' }, watch: { minIntervalMs: 500, maxIntervalMs: 1_000 } },
    },
    90_000,
  ],
];
