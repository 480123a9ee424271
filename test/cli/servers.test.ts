import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListRootsCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { apiKey } from '../support/api-key.ts';
import { build, finishInProcess, Orgql, startInProcess } from '../support/cli.ts';
import { query, subscribe } from '../support/client.ts';
import { post, send } from '../support/http.ts';

beforeAll(build);

test.for(['SIGTERM', 'SIGINT'] as const)(
  'orgql demo prints one ready line and serves partner, customer and standalone until %s ends it cleanly, with running subscriptions',
  async (signal) => {
    await using orgql = new Orgql(['demo', '--port', '0']);
    expect(await orgql.ready()).toMatch(/^orgql ready at http:\/\/127\.0\.0\.1:\d+\/graphql$/);
    const document = '{ viewer { principal { name accountId } } organization { masterAccountId } }';
    for (const [principal, accountId, masterAccountId] of [
      ['partner', '111111111111', '111111111111'],
      ['customer', '444444444444', '444444444444'],
      ['standalone', '222222222222', undefined],
    ] as const) {
      const { data } = await query(await orgql.url(), { document, as: { principal } });
      expect(data).toEqual({
        viewer: { principal: { name: principal, accountId } },
        organization: masterAccountId ? { masterAccountId } : null,
      });
    }
    const subscription = subscribe(await orgql.url(), {
      document: 'subscription { organizationHandshakeChanges { type } }',
    });
    await subscription.event();
    orgql.process.kill(signal);
    // No process.exit() is in the way of this: it ends because nothing is left that keeps it alive.
    const { code, stdout, stderr } = await orgql.finished;
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).not.toContain('"level":50');
    await expect(async () => {
      for await (const _ of subscription);
    }).rejects.toMatchObject({ code: 1001 });
  },
);

test('a second signal ends a waiting process at once', async () => {
  const stalled = createServer(() => {}).listen(0, '127.0.0.1');
  await once(stalled, 'listening');
  const endpoint = `http://127.0.0.1:${(stalled.address() as AddressInfo).port}`;
  const environment = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: 'x',
    AWS_REGION: 'us-east-1',
  };
  await using orgql = new Orgql(['serve', '--port', '0'], environment);
  const url = await orgql.url();
  const asked = once(stalled, 'request');
  const answer = query(url, { document: '{ organization { id } }' });
  answer.catch(() => {});
  await asked;
  orgql.process.kill('SIGTERM');
  await notReady(url);
  orgql.process.kill('SIGINT');
  expect((await orgql.finished).code).toBe(1);
  stalled.closeAllConnections();
  stalled.close();
});

test.for([
  ['an uncaught exception', 'throw new Error("boom")', 'uncaughtException'],
  ['an unhandled rejection', 'Promise.reject(new Error("boom"))', 'unhandledRejection'],
] as const)('%s is logged and ends the process with exit code 1', async ([_, fault, origin]) => {
  const script = `process.on("SIGUSR2", () => { ${fault} })`;
  await using orgql = new Orgql(['demo', '--port', '0'], {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(script)}`,
    ORGQL_LOG_LEVEL: 'silent',
  });
  await orgql.url();
  orgql.process.kill('SIGUSR2');
  const { code, stderr } = await orgql.finished;
  expect(code).toBe(1);
  expect(JSON.parse(stderr)).toMatchObject({ level: 60, origin, err: { message: 'boom' } });
});

test('orgql simulate serves AWS clients and ends cleanly', async () => {
  await using orgql = new Orgql(['simulate', '--port', '0']);
  expect(await orgql.ready()).toMatch(/^simulator ready at http:\/\/127\.0\.0\.1:\d+$/);
  const credentials = { accessKeyId: '111111111111', secretAccessKey: 'x' };
  const client = new OrganizationsClient({ endpoint: await orgql.url(), region: 'us-east-1', credentials });
  const { Roots } = await client.send(new ListRootsCommand({}));
  expect(Roots).toHaveLength(1);
  client.destroy();
  orgql.process.kill('SIGTERM');
  expect(await orgql.finished).toMatchObject({ code: 0 });
});

test('orgql serve takes its principal from the AWS SDK’s variables', async () => {
  await using simulator = await startInProcess(['simulate'], { ORGQL_PORT: '0', ORGQL_HOST: '127.0.0.1' });
  await using orgql = await startInProcess(['serve', '--port', '0'], {
    ORGQL_LOG_LEVEL: 'warn',
    AWS_ENDPOINT_URL: simulator.url,
    AWS_ACCESS_KEY_ID: '444444444444',
    AWS_SECRET_ACCESS_KEY: 'x',
    AWS_REGION: 'us-east-1',
  });
  const { data } = await query(orgql.url, {
    document: '{ viewer { principal { name accountId } } organization { masterAccountId } }',
  });
  expect(data).toEqual({
    viewer: { principal: { name: 'default', accountId: '444444444444' } },
    organization: { masterAccountId: '444444444444' },
  });
});

test.for(['demo', 'simulate', 'serve'])(
  'a port in use ends orgql %s with exit code 1 and says what to do',
  async (command) => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await finishInProcess([command, '--port', String(port)]);
    expect(stderr.trimEnd().split('\n').at(-1)).toBe(
      `orgql: port ${port} is in use on 127.0.0.1; choose another with --port, or any free one with --port 0`,
    );
    expect(code).toBe(1);
    other.close();
  },
);

test('orgql demo beyond loopback warns of the consequence', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  onTestFinished(() => warn.mockRestore());
  await using orgql = await startInProcess(['demo', '--host', '0.0.0.0', '--port', '0']);
  expect(orgql.ready).toMatch(/^orgql ready at http:\/\/0\.0\.0\.0:\d+\/graphql$/);
  expect(String(warn.mock.calls)).toContain('every client that reaches the port can act as any principal');
});

test('orgql serve listens beyond loopback only with auth, and rejects unauthenticated callers', async () => {
  const { settings } = apiKey({ principals: ['default'] });
  const folder = mkdtempSync(join(tmpdir(), 'orgql-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'orgql.json');
  writeFileSync(file, JSON.stringify({ auth: { type: 'apiKeys', keys: [settings] } }));
  const args = ['serve', '--config', file, '--host', '0.0.0.0', '--port', '0'];
  await using orgql = await startInProcess(args, { ORGQL_LOG_LEVEL: 'error' });
  const url = orgql.url.replace('0.0.0.0', '127.0.0.1');
  const { status, body } = await post(url, { query: '{ viewer { caller } }' });
  expect([status, body.errors[0].extensions.code]).toEqual([401, 'UNAUTHENTICATED']);
});

test('--port and --host support IPv6', async () => {
  await using orgql = await startInProcess(['demo', '--host', '::1', '--port', '0']);
  const url = orgql.url;
  expect(url).toMatch(/^http:\/\/\[::1\]:\d+\/graphql$/);
  expect((await send(`${new URL('/ready', url)}`)).status).toBe(200);
});

/** Waits until the server says that it is ending. */
async function notReady(url: string): Promise<void> {
  for (;;) if ((await send(`${new URL('/ready', url)}`)).status === 503) return;
}
