import { expect, it } from 'vitest';
import { startDemo } from '../support/gateway.ts';
import { reads } from '../support/mixed-reads.ts';

const queries = [...reads, '{ viewer { principal { name accountId } } }', '{ organization { id } }'];

it('while AWS throttles, stalls, resets, truncates and fails, every concurrent operation gets a well-formed result or error', async () => {
  await using demo = await startDemo({
    simulator: {
      randomSeed: 6,
      faults: {
        throttle: true,
        emptyPages: 0.1,
        failures: [
          { failure: { kind: 'hang' }, probability: 0.05 },
          { failure: { kind: 'reset' }, probability: 0.05 },
          { failure: { kind: 'reset', when: 'after' }, probability: 0.05 },
          { failure: { kind: 'truncate' }, probability: 0.05 },
          { failure: { kind: 'status', status: 503 }, probability: 0.05 },
          { failure: { kind: 'error', error: 'TooManyRequestsException' }, probability: 0.05 },
          { failure: { kind: 'error', error: 'ServiceException' }, probability: 0.05 },
        ],
      },
    },
    config: { upstream: { budget: 'documented', deadlineMs: 1_500, callTimeoutMs: 300 } },
  });
  const client = async (number: number) => {
    for (let turn = number; turn < number + 2; turn += 1) {
      const response = await fetch(demo.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({ query: queries[turn % queries.length] }),
      });
      const answer = (await response.json()) as {
        data?: object;
        errors?: { message: unknown; extensions?: { code?: unknown; retryable?: unknown } }[];
      };
      expect(response.status).toBe(200);
      expect(answer.data).toBeTypeOf('object');
      for (const { message, extensions } of answer.errors ?? []) {
        expect(message).toBeTypeOf('string');
        expect(extensions?.code).toMatch(
          /^(UPSTREAM_(TIMEOUT|UNAVAILABLE|BAD_RESPONSE)|ServiceException|TooManyRequestsException)$/,
        );
        expect(extensions?.retryable).toBe(true);
      }
    }
  };
  await Promise.all(Array.from({ length: 50 }, (_, number) => client(number)));
  // A client with its own rate limits and without faults succeeds afterwards.
  demo.simulator.control.clearFaults();
  const { errors } = await demo.query('{ organization { id } }', {}, { principal: 'customer' });
  expect(errors).toBeUndefined();
});
