import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, createClient } from 'graphql-ws';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { demoSettings } from '../../src/cli/demo-settings.ts';
import { type RowChange, type Table, type WatchOptions, watch } from '../../src/client/index.ts';
import { type ConfigInput, configSchema } from '../../src/config/index.ts';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';
import { apiKey } from '../support/api-key.ts';
import { query } from '../support/client.ts';
import { startCuttingProxy } from '../support/cutting-proxy.ts';

const LIST = `subscription ($after: String) {
  organizationHandshakeChanges(after: $after) { cursor type reset observedAt previousState handshake { id state notes } }
}`;
const ONE = `subscription ($id: ID!, $after: String) {
  handshakeChanges(id: $id, after: $after) { cursor type reset handshake { id state } }
}`;
const INVITE = `mutation ($id: ID!) { inviteAccountToOrganization(input: { target: { type: ACCOUNT, id: $id } }) {
  ... on InviteAccountToOrganizationPayload { handshake { id } } ... on Error { message }
} }`;
const CANCEL = `mutation ($id: ID!) { cancelHandshake(input: { handshakeId: $id }) {
  ... on CancelHandshakePayload { handshake { state } } ... on Error { message }
} }`;

interface Handshake {
  readonly id: string;
  readonly state: string;
}

type Change = RowChange<Handshake, { readonly type: string; readonly previousState: string | null }>;

const cleanups: (() => unknown)[] = [];
let simulator: Simulator;
let folder: string;

const start = (config: ConfigInput = {}): Promise<Gateway> =>
  createGateway(
    configSchema.parse({
      ...demoSettings(simulator.url),
      port: 0,
      ...config,
      upstream: { budget: 'off' },
      watch: { minIntervalMs: 30, maxIntervalMs: 100, ...config.watch },
      log: { level: 'fatal', audit: false },
    }),
  );

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orgql-client-'));
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  simulator = await startSimulator();
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  await simulator.close();
});

const open = async (config?: ConfigInput) => {
  const gateway = await start(config);
  cleanups.push(() => gateway.close());
  return gateway;
};

/** It rejects for a client that waits for its next attempt. */
const dispose = async (client: Client) => client.dispose()?.then(undefined, () => {});

const webSocket = (url: string, connectionParams: Record<string, unknown> = {}): Client => {
  const client = createClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    connectionParams,
    retryAttempts: 0,
  });
  cleanups.push(() => dispose(client));
  return client;
};

const transports = {
  'graphql-ws': (url: string) => webSocket(url),
  'graphql-ws with its own retries': (url: string) => {
    const client = createClient({
      url: url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      retryWait: () => new Promise((resolve) => setTimeout(resolve, 20)),
      retryAttempts: 1_000,
      shouldRetry: () => true,
    });
    cleanups.push(() => dispose(client));
    return client;
  },
  'server-sent events': (url: string) => ({ url }),
} satisfies Record<string, (url: string) => WatchOptions['transport']>;

const keep = <T extends { readonly close: () => void }>(table: T): T => {
  cleanups.push(() => table.close());
  return table;
};

const watchList = (transport: WatchOptions['transport'], options: Partial<WatchOptions<Handshake>> = {}) =>
  keep(watch<Handshake, NonNullable<Change['event']>>(LIST, { transport, minRetryMs: 10, maxRetryMs: 50, ...options }));

/** Resolves when the condition holds; it is checked at each change of the table. */
const until = <Row>(table: Table<Row>, condition: () => boolean): Promise<void> =>
  new Promise((resolve, reject) => {
    const check = () => {
      const { status } = table;
      if (condition()) resolve();
      else if (status.state === 'ended' && status.reason === 'failed') reject(status.error);
      else return;
      remove();
    };
    const remove = table.subscribe(check);
    check();
  });

const invite = async (url: string, account = '333333333333'): Promise<string> => {
  const { data } = await query(url, { document: INVITE, variables: { id: account } });
  const { handshake, message } = data.inviteAccountToOrganization;
  return handshake?.id ?? expect.fail(message);
};

const cancel = (url: string, id: string) => query(url, { document: CANCEL, variables: { id } });

/** The list as a query returns it. */
async function readList(url: string): Promise<ReadonlyMap<string, Handshake>> {
  const document = '{ organization { handshakes(first: 1000) { nodes { id state notes } } } }';
  const { data } = await query(url, { document });
  return new Map(data.organization.handshakes.nodes.map((node: Handshake) => [node.id, node]));
}

const sorted = (rows: ReadonlyMap<string, Handshake>) => [...rows.values()].sort((a, b) => (a.id < b.id ? -1 : 1));

describe.each(Object.entries(transports))('over %s', (name, transportTo) => {
  it('a table has the snapshot, then every change', async () => {
    const gateway = await open();
    const table = watchList(transportTo(gateway.url));
    const changes: Change[] = [];
    expect(table.status).toEqual({ state: 'connecting' });
    await table.ready();
    expect(sorted(table.rows)).toEqual(sorted(await readList(gateway.url)));
    table.onChange((more) => changes.push(...more));

    const id = await invite(gateway.url);
    await until(table, () => table.rows.get(id)?.state === 'OPEN');
    await cancel(gateway.url, id);
    await until(table, () => table.rows.get(id)?.state === 'CANCELED');
    expect(
      changes.map(({ type, row, previous, event }) => [type, row.state, previous?.state, event?.previousState]),
    ).toEqual([
      ['ADDED', 'OPEN', undefined, null],
      ['CHANGED', 'CANCELED', 'OPEN', 'OPEN'],
    ]);
    expect(Math.abs(Date.now() - (table.updatedAt?.getTime() ?? 0))).toBeLessThan(60_000);
    table.close();
    await expect.poll(() => gateway.activePollers, { timeout: 20_000 }).toBe(0);
    expect(table.status).toEqual({ state: 'ended', reason: 'closed' });
    expect(table.rows.get(id)?.state).toBe('CANCELED');
  });

  it('a table resumes after a restart of the gateway, by its cursor if events are stored and else by a new snapshot', async () => {
    for (const store of [undefined, join(folder, `events-${name.replaceAll(/\W/g, '')}`)]) {
      const other = await open();
      const first = await start({ watch: { store } });
      const table = watchList(transportTo(first.url));
      await table.ready();
      const { rows } = table;
      const [known] = rows.keys();
      const changes: Change[] = [];
      table.onChange((more) => changes.push(...more));
      await first.close();
      await until(table, () => table.status.state === 'reconnecting');
      expect(table.rows).toBe(rows);
      // While the gateway is away, through another one.
      const id = await invite(other.url);

      const second = await start({ watch: { store }, port: first.port });
      await until(table, () => table.rows.has(id) && table.status.state === 'live');
      expect(sorted(table.rows)).toEqual(sorted(await readList(second.url)));
      expect(table.rows.get(known ?? '')).toBe(rows.get(known ?? ''));
      expect(changes.map((change) => [change.type, change.id, change.event?.type])).toEqual([
        ['ADDED', id, store === undefined ? undefined : 'ADDED'],
      ]);
      await cancel(second.url, id);
      table.close();
      await second.close();
    }
  });

  it('a connection that breaks within the snapshot, and later, costs no event', async () => {
    const gateway = await open();
    await using proxy = await startCuttingProxy(gateway.url);
    proxy.cutNextAfter(1_500);
    const table = watchList(transportTo(proxy.url));
    const sizes = new Set<number>();
    table.subscribe(() => sizes.add(table.rows.size));
    await table.ready();
    expect(proxy.connections).toBe(2);
    expect([...sizes].filter((size) => size > 0)).toEqual([table.rows.size]);

    for (let round = 0; round < 3; round += 1) {
      const first = await invite(gateway.url);
      proxy.cut();
      const second = await invite(gateway.url, '222222222222');
      await until(table, () => table.rows.has(first) && table.rows.has(second) && table.status.state === 'live');
      await cancel(gateway.url, first);
      await cancel(gateway.url, second);
    }
    expect(proxy.connections).toBe(5);
  });

  it('a table of one object completes after its final state', async () => {
    const gateway = await open();
    const id = await invite(gateway.url);
    const options = { transport: transportTo(gateway.url), variables: { id } };
    const table = keep(watch<Handshake>(ONE, options));
    await table.ready();
    expect([...table.rows]).toEqual([[id, { id, state: 'OPEN' }]]);
    await cancel(gateway.url, id);
    await until(table, () => table.status.state === 'ended');
    expect(table.status).toEqual({ state: 'ended', reason: 'completed' });
    expect(table.rows.get(id)?.state).toBe('CANCELED');
    // The object is in its final state from the beginning.
    const again = keep(watch<Handshake>(ONE, options));
    await until(again, () => again.status.state === 'ended');
    expect(again.status).toEqual({ state: 'ended', reason: 'completed' });
    expect(again.rows.get(id)?.state).toBe('CANCELED');
  });

  it('a table ends when AWS denies access, and retry() resumes it', async () => {
    const gateway = await open();
    const table = watchList(transportTo(gateway.url));
    await table.ready();
    const { rows } = table;
    simulator.control.setFaults({
      failures: [
        { operation: 'ListHandshakesForOrganization', failure: { kind: 'error', error: 'AccessDeniedException' } },
      ],
    });
    await expect(until(table, () => false)).rejects.toMatchObject({ code: 'ACCESS_LOST', retryable: false });
    expect(table.rows).toBe(rows);
    simulator.control.setFaults({ failures: [] });
    const id = await invite(gateway.url);
    table.retry();
    await until(table, () => table.rows.has(id));
  });

  it('a table runs as the named principal, and an unknown one ends it with what to do', async () => {
    const gateway = await open();
    const own = watchList(transportTo(gateway.url), { principal: 'customer' });
    await own.ready();
    expect([...own.rows.keys()]).not.toEqual([...(await readList(gateway.url)).keys()]);
    const wrong = watchList(transportTo(gateway.url), { principal: 'unknown' });
    await expect(wrong.ready()).rejects.toMatchObject({ code: 'UNKNOWN_PRINCIPAL' });
    await expect(wrong.ready()).rejects.toThrow('Watch again with another `principal`.');
  });

  it('a trusted document is named by its id', async () => {
    const file = join(folder, 'documents.json');
    await writeFile(file, JSON.stringify({ handshakes: LIST }));
    const gateway = await open({ trustedDocuments: { file, only: true } });
    const options = { transport: transportTo(gateway.url), minRetryMs: 10 };
    const table = keep(watch<Handshake>({ documentId: 'handshakes' }, options));
    await table.ready();
    expect(table.rows.size).toBeGreaterThan(10);
    const refused = keep(watch<Handshake>(LIST.replace('notes', 'arn'), options));
    await expect(refused.ready()).rejects.toMatchObject({ code: 'TRUSTED_DOCUMENTS_ONLY' });
  });

  it('a document that does not fit the schema ends the table', async () => {
    const gateway = await open();
    const document = LIST.replace('notes', 'nickname');
    const table = keep(watch(document, { transport: transportTo(gateway.url) }));
    await expect(table.ready()).rejects.toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED' });
    await expect(table.ready()).rejects.toThrow(/nickname.*Correct the document/);
  });
});

it('a rejected cursor leads to a new snapshot', async () => {
  const gateway = await open();
  const cursors: unknown[] = [];
  const table = watchList({
    url: gateway.url,
    fetch: (url, init) => {
      const { variables, ...body } = JSON.parse(String(init?.body));
      cursors.push(variables.after);
      const after = variables.after && `${variables.after}x`;
      return fetch(url, { ...init, body: JSON.stringify({ ...body, variables: { ...variables, after } }) });
    },
  });
  await table.ready();
  const states: string[] = [];
  table.subscribe(() =>
    states.push(table.status.state === 'reconnecting' ? table.status.reason.code : table.status.state),
  );
  await gateway.close();
  await until(table, () => table.status.state === 'reconnecting');
  const second = await open({ port: gateway.port });
  await until(table, () => table.status.state === 'live');
  expect(states).toEqual(expect.arrayContaining(['GOING_AWAY', 'INVALID_CURSOR', 'live']));
  expect(cursors[0]).toBeUndefined();
  expect(cursors.at(-2)).toEqual(expect.any(String));
  expect(cursors.at(-1)).toBeUndefined();
  expect(sorted(table.rows)).toEqual(sorted(await readList(second.url)));
});

it('a stream in which nothing arrives is opened again', async () => {
  const gateway = await open();
  const table = watchList({ url: gateway.url, idleTimeoutMs: 300 });
  await table.ready();
  await until(table, () => table.status.state === 'reconnecting');
  expect(table.status).toMatchObject({ reason: { code: 'IDLE_TIMEOUT' } });
  await until(table, () => table.status.state === 'live');
});

describe('credentials', () => {
  const { authorization, settings } = apiKey({ principals: ['partner'] });
  const config: ConfigInput = { auth: { type: 'apiKeys', keys: [settings] } };

  it('that are missing end the table', async () => {
    const gateway = await open(config);
    const stream = watchList({ url: gateway.url });
    await expect(stream.ready()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    const socket = watchList(webSocket(gateway.url));
    await expect(socket.ready()).rejects.toThrow('`connectionParams`');
  });

  it('are created for each request, so that retry() passes new ones', async () => {
    const gateway = await open(config);
    let token = 'Bearer wrong';
    const table = watchList({ url: gateway.url, headers: async () => ({ authorization: token }) });
    await expect(table.ready()).rejects.toThrow('Pass valid credentials in `headers`');
    token = authorization;
    table.retry();
    await table.ready();
    const socket = watchList(webSocket(gateway.url, { authorization }));
    await socket.ready();
    expect(sorted(socket.rows)).toEqual(sorted(table.rows));
  });
});

it('a client that is disposed of ends its tables with what to do', async () => {
  const gateway = await open();
  const client = webSocket(gateway.url);
  const table = watchList(client);
  await table.ready();
  await client.dispose();
  await expect(until(table, () => false)).rejects.toMatchObject({ code: 'CLIENT_DISPOSED' });
});
