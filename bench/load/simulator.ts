import { startSimulator } from '../../src/simulator/index.ts';
import { serve } from './serve.ts';

/** AWS on a bad day: it throttles, stalls, resets connections and breaks off in the middle of its answers. */
const simulator = await startSimulator({
  seed: 'demo',
  weather: {
    throttle: true,
    latency: { median: 40, p99: 400 },
    emptyPages: 0.1,
    failures: [
      { failure: { kind: 'hang' }, probability: 0.01 },
      { failure: { kind: 'reset' }, probability: 0.02 },
      { failure: { kind: 'reset', when: 'after' }, probability: 0.01 },
      { failure: { kind: 'truncate' }, probability: 0.02 },
      { failure: { kind: 'status', status: 503 }, probability: 0.02 },
      { failure: { kind: 'error', error: 'TooManyRequestsException' }, probability: 0.02 },
      { failure: { kind: 'error', error: 'ServiceException' }, probability: 0.02 },
    ],
  },
});
serve(simulator.url);
