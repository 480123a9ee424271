import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startSimulator } from '../../src/simulator/index.ts';

/** The demo world in a process of its own, with faults: throttling, latency, empty pages and failures of each kind. */
export async function startStormyWorld(): Promise<AsyncDisposable & { readonly url: string }> {
  const child = fork(fileURLToPath(import.meta.url), ['serve']);
  const [{ url }]: [{ url: string }] = (await once(child, 'message')) as [{ url: string }];
  return {
    url,
    async [Symbol.asyncDispose]() {
      const gone = once(child, 'exit');
      child.kill();
      await gone;
    },
  };
}

if (process.argv[2] === 'serve' && process.send !== undefined) {
  const simulator = await startSimulator({
    seed: 'demo',
    faults: {
      throttle: true,
      latency: { median: 60, p99: 400 },
      emptyPages: 0.1,
      failures: [
        { failure: { kind: 'error', error: 'TooManyRequestsException' }, probability: 0.02 },
        { failure: { kind: 'error', error: 'ServiceException' }, probability: 0.01 },
        {
          failure: { kind: 'error', error: 'ConcurrentModificationException' },
          operation: 'TagResource',
          probability: 0.02,
        },
        { failure: { kind: 'status', status: 503 }, probability: 0.01 },
        { failure: { kind: 'reset' }, probability: 0.005 },
        { failure: { kind: 'reset', when: 'after' }, probability: 0.005 },
        { failure: { kind: 'truncate' }, probability: 0.005 },
      ],
    },
  });
  process.send({ url: simulator.url });
}
