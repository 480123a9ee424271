import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, onTestFinished, test, vi } from 'vitest';
import { demoSettings } from '../../src/cli/demo-settings.ts';
import { configSchema } from '../../src/config/index.ts';
import { operations } from '../../src/upstream/operations.ts';
import { finishInProcess, startInProcess } from '../support/cli.ts';
import { query, subscribe } from '../support/client.ts';
import { send } from '../support/http.ts';
import { RawConnection } from '../support/websocket.ts';

const folder = mkdtempSync(join(tmpdir(), 'orgql-demo-'));
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

afterAll(() => rmSync(folder, { recursive: true }));

const NAMES = '{ viewer { principals { name } } }';
const INVITE = (id: string) => `mutation {
  inviteAccountToOrganization(input: { target: { type: ACCOUNT, id: "${id}" } }) {
    ... on InviteAccountToOrganizationPayload { handshake { id state } }
    ... on Error { message }
  }
}`;

test('the demo merges a configuration file over its settings and keeps its three principals', async () => {
  const settings = file('merged.yaml', 'graph: { maxFirst: 7 }\nallowedOrigins: [http://localhost:3000]\n');
  await using orgql = await startInProcess(['demo', '--port', '0', '--config', settings]);
  const { data } = await query(orgql.url, { document: NAMES });
  expect(data.viewer.principals).toEqual([{ name: 'partner' }, { name: 'customer' }, { name: 'standalone' }]);
  const tooMany = await query(orgql.url, {
    document: '{ organization { accounts(first: 8) { nodes { id } } } }',
  });
  expect(tooMany.errors?.[0]?.message).toContain('7');
});

test('principals in the demo’s configuration file replace its own and call its simulator', async () => {
  const settings = file(
    'principals.yaml',
    'principals: [{ name: mine, accountId: "444444444444" }, { name: other }]\n',
  );
  await using orgql = await startInProcess(['demo', '--port', '0', '--host', '0.0.0.0'], { ORGQL_CONFIG: settings });
  const url = orgql.url.replace('0.0.0.0', '127.0.0.1');
  const document = '{ viewer { principals { name accountId } } organization { masterAccountId } }';
  const { data } = await query(url, { document });
  expect(data).toEqual({
    viewer: {
      principals: [
        { name: 'mine', accountId: '444444444444' },
        { name: 'other', accountId: '111111111111' },
      ],
    },
    organization: { masterAccountId: '444444444444' },
  });
  const other = await query(url, { document, as: { principal: 'other' } });
  expect(other.data.organization.masterAccountId).toBe('111111111111');
});

test('a principal with real credentials calls the simulator as its account, without sending them', async () => {
  const settings = file(
    'profile.yaml',
    'principals: [{ name: payer, accountId: "444444444444", credentials: { type: profile, profile: nowhere } }]\n',
  );
  await using orgql = await startInProcess(['demo', '--port', '0', '--config', settings]);
  const { data } = await query(orgql.url, { document: '{ organization { masterAccountId } }' });
  expect(data.organization.masterAccountId).toBe('444444444444');
});

test('the demo accepts settings that are valid with the usual defaults', async () => {
  const settings = file('slow.yaml', 'watch: { minIntervalMs: 8000 }\n');
  await using orgql = await startInProcess(['demo', '--port', '0', '--config', settings]);
  const { data } = await query(orgql.url, { document: '{ organization { id } }' });
  expect(data.organization.id).toBe('o-exampleorgid');
});

test('invalid world files are reported with all other mistakes', async () => {
  const settings = file('wrong.yaml', 'port: many\n');
  const args = ['--accounts', 'x', '--seed', join(folder, 'none.json'), '--state', folder, '--config', settings];
  const { code, stderr } = await finishInProcess(['demo', ...args]);
  expect(code).toBe(2);
  const expected = ['--accounts', 'none.json does not exist', `${folder} is a folder`, 'wrong.yaml:1: port: '];
  for (const text of expected) expect(stderr).toContain(text);
  expect(stderr).not.toMatch(/ENOENT|EISDIR/);
});

test('--allow-origin allows these origins and those of the file, over HTTP and WebSocket', async () => {
  const settings = file('origins.yaml', 'allowedOrigins: [http://localhost:3000]\n');
  const options = ['--allow-origin', 'http://localhost:5173', '--allow-origin', 'https://app.example.com'];
  await using orgql = await startInProcess(['demo', '--port', '0', '--config', settings, ...options]);
  const url = orgql.url;
  const status = async (origin: string) => {
    const preflight = await send(url, {
      method: 'OPTIONS',
      headers: {
        origin,
        'sec-fetch-site': 'cross-site',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,x-orgql-principal',
      },
    });
    const body = JSON.stringify({ query: '{ viewer { principal { name } } }' });
    const answer = await send(url, {
      method: 'POST',
      headers: {
        origin,
        'sec-fetch-site': 'cross-site',
        'content-type': 'application/json',
        'content-length': String(body.length),
        'x-orgql-principal': 'customer',
      },
      body,
    });
    const connection = new RawConnection(url, { headers: { origin } });
    const opened = await Promise.race([
      new Promise((resolve) => connection.socket.once('open', () => resolve(true))),
      connection.closed.then(() => false),
    ]);
    connection.socket.terminate();
    return {
      preflight: [
        preflight.headers['access-control-allow-origin'],
        String(preflight.headers['access-control-allow-headers']).includes('x-orgql-principal'),
      ],
      answer: [answer.status, answer.headers['access-control-allow-origin'], answer.text.includes('"customer"')],
      opened,
    };
  };
  for (const origin of ['http://localhost:5173', 'https://app.example.com', 'http://localhost:3000']) {
    expect(await status(origin), origin).toEqual({
      preflight: [origin, true],
      answer: [200, origin, true],
      opened: true,
    });
  }
  expect(await status('http://localhost:9999')).toMatchObject({ answer: [403, undefined, false], opened: false });
});

test('--state keeps the demo’s changes over a restart', async () => {
  const args = ['demo', '--port', '0', '--state', join(folder, 'world.json')];
  const document = '{ viewer { handshakes(first: 100) { nodes { id state } } } }';
  const received = async (url: string) =>
    (await query(url, { document, as: { principal: 'standalone' } })).data.viewer.handshakes.nodes;
  const first = await startInProcess(args);
  const { data } = await query(first.url, { document: INVITE('222222222222') });
  const { id } = data.inviteAccountToOrganization.handshake;
  await first.close();
  await using second = await startInProcess(args);
  expect(await received(second.url)).toContainEqual({ id, state: 'OPEN' });
});

test('--auto-respond responds to invitations of the demo, except to its own accounts', async () => {
  await using orgql = await startInProcess(['demo', '--port', '0', '--auto-respond']);
  const url = orgql.url;
  const own = await query(url, { document: INVITE('222222222222') });
  const { data } = await query(url, { document: INVITE('333333333333') });
  const { id } = data.inviteAccountToOrganization.handshake;
  const changes = subscribe(url, {
    document: 'subscription Changes($id: ID!) { handshakeChanges(id: $id) { handshake { state } } }',
    variables: { id },
  });
  const states = [(await changes.event()).data.handshakeChanges.handshake?.state];
  // The simulator answers after 5 to 30 s of its own time, which is that of the system.
  const now = Date.now;
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => now() + 31_000);
  onTestFinished(() => clock.mockRestore());
  for await (const { data: event } of changes) states.push(event.handshakeChanges.handshake?.state);
  expect(states[0]).toBe('OPEN');
  expect(states.at(-1)).toMatch(/^(ACCEPTED|DECLINED)$/);
  const left = await query(url, {
    document: `{ handshake(id: "${own.data.inviteAccountToOrganization.handshake.id}") { state } }`,
  });
  expect(left.data.handshake.state).toBe('OPEN');
});

test('--seed and --accounts select the world of the demo', async () => {
  await using empty = await startInProcess(['demo', '--port', '0', '--seed', 'empty']);
  await using large = await startInProcess(['demo', '--port', '0', '--accounts', '150']);
  const document = '{ organization { accounts(first: 1000) { nodes { id } } } }';
  expect((await query(empty.url, { document })).data).toEqual({ organization: null });
  const { data } = await query(large.url, { document });
  expect(data.organization.accounts.nodes).toHaveLength(150);
});

test('the demo calls its simulator with ten times AWS’s documented rates', async () => {
  const { upstream } = configSchema.parse(demoSettings('http://127.0.0.1:1'));
  expect(upstream.budget).toBe('documented');
  for (const [
    operation,
    {
      limit: { rate, burst },
    },
  ] of Object.entries(operations))
    expect(upstream.limits[operation], operation).toEqual({ rate: rate * 10, burst: burst * 10 });

  await using orgql = await startInProcess(['demo', '--port', '0']);
  const url = orgql.url;
  // DescribeOrganizationalUnit: 20 calls a second, and 20 at once.
  const units = (from: number, to: number) => {
    const ids = Array.from({ length: to - from }, (_, index) => `ou-exam-${String(from + index).padStart(8, '0')}`);
    const fields = ids.map((id, index) => `u${index}: organizationalUnit(id: "${id}") { name }`);
    return query(url, { document: `{ ${fields.join(' ')} }` });
  };
  const within = (await units(0, 20)).extensions.upstream;
  expect([within.calls, within.waitedMs]).toEqual([20, 0]);
  const above = (await units(20, 60)).extensions.upstream;
  expect(above.calls).toBe(40);
  expect(above.waitedMs).toBeGreaterThan(0);
});
