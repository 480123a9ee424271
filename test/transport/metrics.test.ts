import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { type LogLine, startDemo } from '../support/gateway.ts';
import { send } from '../support/http.ts';
import { queryInParts } from '../support/incremental.ts';
import { scrape } from '../support/metrics.ts';
import { RawConnection } from '../support/websocket.ts';

const startMeasured = () => startDemo({ config: { metrics: { port: 0 } } });

test('opens no port without the section metrics', async () => {
  await using demo = await startDemo();
  expect(demo.gateway.metricsUrl).toBeUndefined();
  expect((await send(`${new URL('/metrics', demo.url)}`)).status).toBe(404);
});

test('metrics have their own port on loopback, which serves nothing else', async () => {
  await using demo = await startMeasured();
  const url = `${demo.gateway.metricsUrl}`;
  expect(new URL(url)).toMatchObject({ hostname: '127.0.0.1', pathname: '/metrics' });
  expect((await send(url)).headers['content-type']).toMatch(/^text\/plain; version=/);
  expect((await send(`${new URL('/graphql?query={__typename}', url)}`)).status).toBe(404);
  expect((await send(url, { method: 'POST' })).status).toBe(404);
  expect((await send(url, { headers: { host: 'attacker.example' } })).status).toBe(421);
  await demo.gateway.close();
  await expect(send(url)).rejects.toThrow('ECONNREFUSED');
});

test('counts calls to AWS as AWS does, by operation and outcome', async () => {
  await using demo = await startMeasured();
  const { control } = demo.simulator;
  control.failNext('ListRoots', 'TooManyRequestsException');
  await demo.query(
    '{ organization { roots { nodes { id organizationalUnits { nodes { id } } } } accounts(first: 50) { nodes { id } } } }',
  );
  await demo.query('{ organization { id } }', {}, { principal: 'standalone' });
  await demo.query('mutation { deletePolicy(input: { policyId: "p-0000000000" }) { ... on Error { code } } }');
  await demo.query(
    'mutation { enableAwsServiceAccess(input: { servicePrincipal: "ram.amazonaws.com" }) { __typename } }',
  );

  const samples = await scrape(demo.gateway.metricsUrl);
  const counted = new Map([...samples].filter(([name]) => name.startsWith('orgql_upstream_calls_total')));
  const expected = new Map<string, number>();
  const add = (operation: string, outcome: string, count: number) => {
    const name = `orgql_upstream_calls_total{operation="${operation}",outcome="${outcome}"}`;
    if (count > 0) expected.set(name, (expected.get(name) ?? 0) + count);
  };
  for (const { operation, count, errors } of control.requests()) {
    const failed = Object.values(errors).reduce((sum, each) => sum + each, 0);
    add(operation, 'ok', count - failed);
    for (const [error, times] of Object.entries(errors)) add(operation, error, times);
  }
  expect(expected.size).toBeGreaterThan(6);
  expect(counted).toEqual(expected);
  for (const [name, count] of expected) {
    const operation = /operation="(\w+)"/.exec(name)?.[1];
    for (const histogram of ['call_duration', 'wait']) {
      expect(samples.get(`orgql_upstream_${histogram}_seconds_count{operation="${operation}"}`)).toBeGreaterThanOrEqual(
        count,
      );
    }
  }
});

test('counts operations and errors of each transport, including rejected operations', async () => {
  await using demo = await startMeasured();
  await demo.query('mutation { acceptHandshake(input: { handshakeId: "h-0123456789" }) { __typename } }');
  await demo.query('{ organization { id } }');
  await demo.query('{ organization { id } }');
  await demo.query('{ nonsense }');
  await demo.query('{ organization { id } }', {}, { principal: 'unknown' });
  using connection = await RawConnection.open(demo.url);
  connection.subscribe('1', '{ organization { id } }');
  await connection.next();
  connection.subscribe('2', '{ nonsense }');
  await connection.next();
  await connection.next();

  const samples = await scrape(demo.gateway.metricsUrl);
  const operations = (type: string, transport: string, outcome: string) =>
    samples.get(`orgql_operations_total{type="${type}",transport="${transport}",outcome="${outcome}"}`);
  expect(operations('query', 'http', 'ok')).toBe(2);
  expect(operations('none', 'http', 'error')).toBe(2);
  expect(operations('mutation', 'http', 'ok')).toBe(1);
  expect(operations('query', 'websocket', 'ok')).toBe(1);
  expect(operations('none', 'websocket', 'error')).toBe(1);
  const errors = [...samples].filter(([name]) => name.startsWith('orgql_errors_total'));
  expect(errors.reduce((sum, [_, count]) => sum + count, 0)).toBe(3);
  expect(samples.get('orgql_operation_duration_seconds_count{type="query"}')).toBe(3);
  expect(samples.get('orgql_upstream_cached_reads_total{operation="DescribeOrganization"}')).toBe(2);
});

test('counts errors in the parts of an incremental result', async () => {
  await using demo = await startMeasured();
  const document = '{ organization { accounts(first: 50) { nodes @stream(initialCount: 1) { id } } } }';
  await demo.query('{ organization { accounts(first: 20) { nodes { id } } } }');
  demo.simulator.control.failNext('ListAccounts', 'AccessDeniedException');
  let failed = 0;
  for await (const part of queryInParts(demo.url, { document }))
    for (const { errors = [] } of part.incremental ?? []) failed += errors.length;
  expect(failed).toBe(1);
  const samples = await scrape(demo.gateway.metricsUrl);
  expect(samples.get('orgql_errors_total{code="AccessDeniedException"}')).toBe(1);
});

test('counts WebSockets rejected by limits, and logs when limits.connections is reached', async () => {
  const lines: LogLine[] = [];
  await using demo = await startDemo({
    config: {
      ...{ metrics: { port: 0 }, limits: { connections: 2, operationsPerConnection: 1 } },
      log: { level: 'warn' },
    },
    onLog: (line) => lines.push(line),
  });
  using connection = await RawConnection.open(demo.url);
  connection.subscribe('1', 'subscription { createAccountStatusChanges(id: "car-0123456789") { type } }');
  connection.subscribe('2', '{ __typename }');
  let message = await connection.next();
  while (message.id !== '2') message = await connection.next();
  expect(message).toMatchObject({
    type: 'error',
    payload: [{ extensions: { code: 'CONNECTION_LIMIT_EXCEEDED', maximum: 1, retryable: true } }],
  });
  const refused = async () => {
    using late = new RawConnection(demo.url);
    await late.closed;
  };
  for (let round = 0; round < 2; round += 1) {
    const other = await RawConnection.open(demo.url);
    for (let time = 0; time < 3; time += 1) await refused();
    other.socket.close();
    await other.closed;
  }
  const samples = await scrape(demo.gateway.metricsUrl);
  expect(samples.get('orgql_errors_total{code="CONNECTION_LIMIT_EXCEEDED"}')).toBe(1);
  expect(samples.get('orgql_errors_total{code="SOCKET_LIMIT_EXCEEDED"}')).toBe(6);
  expect(samples.get('orgql_security_events_total{reason="connections_total"}')).toBe(6);
  expect(lines).toEqual([
    expect.objectContaining({ security: 'concurrency_limited', setting: 'limits.operationsPerConnection' }),
    expect.objectContaining({ level: 40, security: 'connections_total', setting: 'limits.connections' }),
  ]);
});

test('reports subscribers, their pollers and the event lag while they subscribe', async () => {
  await using demo = await startMeasured();
  const first = demo.subscribe('subscription { organizationHandshakeChanges { type } }');
  const second = demo.subscribeBySse('subscription { organizationHandshakeChanges { type } }');
  for (const subscription of [first, second]) {
    while ((await subscription.event()).data.organizationHandshakeChanges.type !== 'BOOKMARK');
  }
  const listening = await scrape(demo.gateway.metricsUrl);
  expect(listening.get('orgql_subscribers')).toBe(2);
  expect(listening.get('orgql_pollers')).toBe(1);
  expect(listening.get('orgql_event_lag_seconds_count')).toBe(0);
  await demo.query(
    'mutation { inviteAccountToOrganization(input: { target: { type: ACCOUNT, id: "222222222222" } }) { __typename } }',
  );
  for (const subscription of [first, second]) {
    expect((await subscription.event()).data.organizationHandshakeChanges.type).toBe('ADDED');
  }
  const samples = await scrape(demo.gateway.metricsUrl);
  expect(samples.get('orgql_event_lag_seconds_count')).toBe(2);
  expect(samples.get('orgql_event_lag_seconds_sum')).toBeLessThan(1);
  await Promise.all([first.return(), second.return()]);
  let subscribers: number | undefined;
  do subscribers = (await scrape(demo.gateway.metricsUrl)).get('orgql_subscribers');
  while (subscribers !== 0);
});

test('reports buffered bytes and open connections', async () => {
  await using demo = await startMeasured();
  using _connection = await RawConnection.open(demo.url);
  const samples = await scrape(demo.gateway.metricsUrl);
  expect(samples.get('orgql_connections{state="authenticated"}')).toBeGreaterThanOrEqual(1);
  expect(samples.get('orgql_connections{state="unauthenticated"}')).toBe(0);
  expect(samples.get('orgql_connections{state="proxy"}')).toBe(0);
  expect(samples.get('orgql_buffered_bytes')).toBe(0);
});

test('reports event loop delay, memory and CPU time', async () => {
  await using demo = await startMeasured();
  const samples = await scrape(demo.gateway.metricsUrl);
  for (const quantile of ['0.5', '0.99', '1']) {
    expect(samples.get(`orgql_event_loop_delay_seconds{quantile="${quantile}"}`)).toBeGreaterThanOrEqual(0);
  }
  expect(samples.get('process_resident_memory_bytes')).toBeGreaterThan(1e7);
  expect(samples.get('process_cpu_seconds_total')).toBeGreaterThan(0);
});

test('a port in use fails the start, names the setting, and leaves nothing open', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo;
  await expect(startDemo({ config: { metrics: { port } } })).rejects.toThrow(
    `port ${port} is in use on 127.0.0.1; choose another with metrics.port`,
  );
  other.close();
});

test('no label contains a value that a client can choose', async () => {
  await using demo = await startMeasured();
  const marker = 'zanzibar';
  await demo.query(`query ${marker} { ${marker}: organization { id } }`);
  await demo.query(`{ ${marker} }`);
  await demo.query('{ organization { id } }', {}, { principal: marker });
  await demo.query(`{ policy(id: "${marker}") { id } }`);
  expect((await send(`${demo.gateway.metricsUrl}`)).text).not.toContain(marker);
});
