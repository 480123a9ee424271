import { GraphQLError } from 'graphql';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { configSchema } from '../../src/config/index.ts';
import { ByteBudget, OperationMemory } from '../../src/pipeline/byte-budget.ts';
import type { DocumentCache } from '../../src/pipeline/documents/document-cache.ts';
import { createErrorMask } from '../../src/pipeline/errors.ts';
import { FairScheduler } from '../../src/pipeline/fair-scheduler.ts';
import { Operation } from '../../src/pipeline/operation.ts';
import { Pipeline } from '../../src/pipeline/pipeline.ts';
import { responseHead } from '../../src/transport/http/response.ts';

const request: Operation['request'] = {
  transport: 'http',
  method: 'POST',
  address: '127.0.0.1',
  header: () => undefined,
  isGone: false,
  abortSignal: new AbortController().signal,
};

test('an operation whose rules fail to load has an internal error, and the next loads them again', async () => {
  const lines: string[] = [];
  const maskError = createErrorMask(() => undefined, pino({}, { write: (line: string) => lines.push(line) }));
  let looks = 0;
  const documents = {
    async prepare() {
      looks += 1;
      if (looks === 1) throw new Error("Cannot find module 'rules'");
      return [new GraphQLError('as the rules have it', { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } })];
    },
  } satisfies Pick<DocumentCache, 'prepare'>;
  const { limits } = configSchema.parse({});
  const pipeline = new Pipeline({
    steps: [
      {
        onRequest(operation) {
          operation.caller = { name: 'alice', principals: undefined, scopes: new Set(), expiresAt: Infinity };
        },
      },
    ],
    documents: documents as unknown as DocumentCache,
    maskError,
    scheduler: new FairScheduler({ maxConcurrent: 1, maxQueuedPerKey: 1, maxQueued: 1 }, { charge() {} }),
    memory: new OperationMemory(new ByteBudget(limits.bufferedBytes), limits.bufferedBytes),
    limits,
  });
  const run = async () => {
    const answer = await pipeline.run(new Operation(request, { query: '{ a @defer }' }));
    if (!('errors' in answer)) throw new Error('no errors');
    return answer;
  };
  const failed = await run();
  expect(failed.errors).toMatchObject([{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }]);
  expect(responseHead(failed, 'application/json').status).toBe(500);
  expect(lines.join()).toContain("Cannot find module 'rules'");
  expect((await run()).errors).toMatchObject([{ message: 'as the rules have it' }]);
});
