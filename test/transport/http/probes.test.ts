import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ReadinessReport } from '../../../src/transport/readiness.ts';
import { send } from '../../support/http.ts';
import { startPlainServer } from '../../support/plain-server.ts';

let readiness: () => Promise<ReadinessReport>;
let server: Awaited<ReturnType<typeof startPlainServer>>;
beforeAll(async () => {
  server = await startPlainServer({}, undefined, () => readiness());
});
afterAll(() => server.close());

/** Headers that depend on the connection or the time. */
const OF_THE_WIRE = new Set(['date', 'connection', 'keep-alive', 'content-length', 'transfer-encoding']);

async function ask(path: string, method: string, headers: Record<string, string>) {
  const got = await send(`${new URL(path, server.url)}`, { method, headers });
  const kept = Object.entries(got.headers).filter(([name]) => !OF_THE_WIRE.has(name));
  return { status: got.status, headers: Object.fromEntries(kept), text: got.text };
}

const reports: readonly (() => Promise<ReadinessReport>)[] = [
  async () => ({ ready: true, principals: [{ name: 'first', ready: true }] }),
  async () => ({ ready: false, principals: [{ name: 'café', ready: false, code: 'UPSTREAM_TIMEOUT' }] }),
  () => Promise.reject(new Error('unknown')),
];
const headers = fc.record(
  {
    accept: fc.constantFrom('*/*', 'text/html', 'application/json'),
    'accept-encoding': fc.constantFrom('gzip', 'identity'),
    'user-agent': fc.constantFrom('kube-probe/1.34', 'curl/8'),
    'x-request-id': fc.constantFrom('abc-1', 'not well formed\t'),
    'sec-fetch-site': fc.constantFrom('same-origin', 'cross-site'),
    connection: fc.constant('close'),
  },
  { requiredKeys: [] },
);

test('probes respond as Yoga does: status, headers and body', async () => {
  const statuses = new Set<number>();
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('/health', '/ready'),
      fc.constantFrom('GET', 'HEAD'),
      headers,
      fc.constantFrom(...reports),
      async (path, method, sent, report) => {
        readiness = report;
        // Yoga answers them below any path.
        const [lean, yoga] = await Promise.all([ask(path, method, sent), ask(`/of/yoga${path}`, method, sent)]);
        if (sent['x-request-id'] !== 'abc-1') for (const each of [lean, yoga]) delete each.headers['x-request-id'];
        expect(lean).toEqual(yoga);
        statuses.add(lean.status);
      },
    ),
    { numRuns: 150 },
  );
  expect([...statuses].sort()).toEqual([200, 503]);
});

test('Yoga responds to other methods and to pages of other origins', async () => {
  [readiness] = reports as [(typeof reports)[number]];
  expect((await ask('/ready', 'OPTIONS', {})).status).toBe(204);
  expect((await ask('/ready', 'POST', { 'content-length': '0' })).status).toBe(200);
  expect((await ask('/ready', 'GET', { origin: 'https://elsewhere.example' })).headers).not.toHaveProperty(
    'access-control-allow-origin',
  );
});
