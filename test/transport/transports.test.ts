import { afterEach, expect, test, vi } from 'vitest';
import { Pipeline } from '../../src/pipeline/pipeline.ts';
import { startPlainServer } from '../support/plain-server.ts';
import { transportNames, transports } from '../support/transports.ts';

afterEach(() => vi.restoreAllMocks());

test.for(transportNames)('an operation over %s passes the pipeline once', async (name) => {
  const run = vi.spyOn(Pipeline.prototype, 'run');
  await using server = await startPlainServer();
  const { data } = await transports[name](server.url, { query: '{ principal }' }, {});
  expect(data).toEqual({ principal: 'first' });
  expect(run).toHaveBeenCalledTimes(1);
});
