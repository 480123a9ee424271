import { DescribeOrganizationCommand, ListAccountsCommand } from '@aws-sdk/client-organizations';
import { expect, test } from 'vitest';
import { SimulatorControl } from '../../src/simulator/control/control.ts';
import { createRandom, sampleLatency } from '../../src/simulator/faults/faults.ts';
import { attempt, send } from './raw-call.ts';
import { simulate } from './support.ts';

const PAYER = '111111111111';
const describeOrganization = (url: string, accountId = PAYER) => attempt(url, accountId, 'DescribeOrganization', {});

test('throttle: rejects calls above the documented burst, per account and operation', async () => {
  const { simulator } = await simulate({ seed: 'demo', throttle: true });
  const outcomes = [];
  for (let call = 0; call < 3; call++) outcomes.push((await describeOrganization(simulator.url)).error);
  expect(outcomes).toEqual([undefined, undefined, 'TooManyRequestsException']);
  expect((await attempt(simulator.url, PAYER, 'ListAccounts', {})).error).toBeUndefined();
  expect((await describeOrganization(simulator.url, '444444444444')).error).toBeUndefined();
  simulator.control.setThrottle(false);
  expect((await describeOrganization(simulator.url)).error).toBeUndefined();
});

test('throttle: an empty bucket refills at its rate', () => {
  let now = 0;
  const control = new SimulatorControl({ faults: { throttle: true }, throttleClock: () => now });
  const admitted = () => control.tryTakeToken('DescribeAccount', PAYER, undefined);
  // AWS's example has the rate 20 and the burst 30.
  const second = () => Array.from({ length: 40 }, admitted).filter(Boolean).length;
  expect(second()).toBe(30);
  now += 1_000;
  expect(second()).toBe(20);
  now += 10_000;
  expect(second()).toBe(30);
});

test('throttle: a factor multiplies rates and bursts', () => {
  let now = 0;
  const faults = { throttle: true };
  const control = new SimulatorControl({ faults, throttleClock: () => now, throttleFactor: 10 });
  const count = () => Array.from({ length: 400 }, () => control.tryTakeToken('DescribeAccount', PAYER, undefined));
  expect(count().filter(Boolean)).toHaveLength(300);
  now += 1_000;
  expect(count().filter(Boolean)).toHaveLength(200);
});

test("throttle: accounts share their organization's bucket", () => {
  const control = new SimulatorControl({ faults: { throttle: true }, throttleClock: () => 0 });
  const accounts = Array.from({ length: 5 }, (_, index) => `${100_000_000_000 + index}`);
  const admitted = accounts.flatMap((id) =>
    Array.from({ length: 3 }, () => control.tryTakeToken('ListRoots', id, 'o-one')),
  );
  expect(admitted.filter(Boolean)).toHaveLength(3);
  expect(control.tryTakeToken('ListRoots', PAYER, 'o-two')).toBe(true);
});

test('failNext fails the given number of calls', async () => {
  const { simulator, as } = await simulate({ seed: 'demo' });
  const client = as(PAYER);
  simulator.control.failNext('ListAccounts', 'ConcurrentModificationException', 2);
  await expect(client.send(new ListAccountsCommand({}))).rejects.toMatchObject({
    name: 'ConcurrentModificationException',
  });
  await expect(client.send(new DescribeOrganizationCommand({}))).resolves.toBeDefined();
  await expect(client.send(new ListAccountsCommand({}))).rejects.toMatchObject({
    name: 'ConcurrentModificationException',
  });
  await expect(client.send(new ListAccountsCommand({}))).resolves.toBeDefined();
});

test.each([
  [{ kind: 'error', error: 'ServiceException' }, 500],
  [{ kind: 'status', status: 503 }, 503],
] as const)('%j answers HTTP %i', async (failure, status) => {
  const { simulator } = await simulate({ seed: 'demo' });
  simulator.control.failNext('ListRoots', failure);
  expect((await send(simulator.url, { operation: 'ListRoots' })).status).toBe(status);
});

test.each([[{ kind: 'reset' }], [{ kind: 'reset', when: 'after' }], [{ kind: 'truncate' }]] as const)(
  'after %j the client has no complete reply',
  async (failure) => {
    const { simulator } = await simulate();
    simulator.control.failNext('CreateOrganization', failure);
    await expect(send(simulator.url, { operation: 'CreateOrganization' })).rejects.toThrow();
    const done = failure.kind === 'truncate' || 'when' in failure;
    const { error } = await describeOrganization(simulator.url);
    expect(error).toBe(done ? undefined : 'AWSOrganizationsNotInUseException');
  },
);

test('closing the simulator ends hanging calls', async () => {
  const { simulator } = await simulate({ seed: 'demo' });
  simulator.control.failNext('ListRoots', { kind: 'hang' });
  const waiting = send(simulator.url, { operation: 'ListRoots' });
  await expect.poll(() => simulator.control.requestCount('ListRoots')).toBe(1);
  await simulator.close();
  await expect(waiting).rejects.toThrow();
});

test('limits a failure to one account, or by probability', async () => {
  const { simulator } = await simulate({ seed: 'demo' });
  simulator.control.fail({ accountId: '444444444444', failure: { kind: 'error', error: 'ServiceException' } });
  expect((await describeOrganization(simulator.url)).error).toBeUndefined();
  expect((await describeOrganization(simulator.url, '444444444444')).error).toBe('ServiceException');
  simulator.control.clearFaults();
  simulator.control.fail({ probability: 0.5, failure: { kind: 'error', error: 'ServiceException' } });
  let failed = 0;
  for (let call = 0; call < 200; call++) failed += (await describeOrganization(simulator.url)).error ? 1 : 0;
  expect(failed).toBeGreaterThan(60);
  expect(failed).toBeLessThan(140);
});

test('latency delays replies, of one operation or of all', async () => {
  const { simulator } = await simulate({ seed: 'demo', latencyMs: 40 });
  simulator.control.setLatency(0, 'ListRoots');
  const timed = async (operation: 'ListRoots' | 'ListAccounts') => {
    const start = performance.now();
    await attempt(simulator.url, PAYER, operation, {});
    return performance.now() - start;
  };
  await timed('ListRoots');
  expect(await timed('ListAccounts')).toBeGreaterThan(39);
});

test('latencies have the given median and 99th percentile', () => {
  const random = createRandom(1);
  const samples = Array.from({ length: 20_000 }, () => sampleLatency({ median: 50, p99: 400 }, random));
  samples.sort((a, b) => a - b);
  expect(Math.abs((samples[10_000] ?? 0) - 50)).toBeLessThan(3);
  expect(Math.abs((samples[19_800] ?? 0) - 400)).toBeLessThan(60);
  const even = Array.from({ length: 1_000 }, () => sampleLatency({ min: 10, max: 20 }, random));
  expect(Math.min(...even)).toBeGreaterThanOrEqual(10);
  expect(Math.max(...even)).toBeLessThanOrEqual(20);
});

test('counts requests and errors per operation and account', async () => {
  const { simulator } = await simulate({ seed: 'demo' });
  for (const accountId of [PAYER, PAYER, '222222222222']) await describeOrganization(simulator.url, accountId);
  expect(simulator.control.requestCount('DescribeOrganization')).toBe(3);
  expect(simulator.control.requests()).toEqual([
    { operation: 'DescribeOrganization', accountId: PAYER, count: 2, errors: {} },
    {
      operation: 'DescribeOrganization',
      accountId: '222222222222',
      count: 1,
      errors: { AWSOrganizationsNotInUseException: 1 },
    },
  ]);
  simulator.control.resetRequests();
  expect(simulator.control.requestCount()).toBe(0);
});

test('counts a request when it arrives, and not later when its client has left', async () => {
  const { simulator, as } = await simulate({ seed: 'demo', latencyMs: 200 });
  const payer = as(PAYER);
  const leaving = new AbortController();
  const request = payer.send(new DescribeOrganizationCommand({}), { abortSignal: leaving.signal });
  await expect.poll(() => simulator.control.requestCount('DescribeOrganization')).toBe(1);
  leaving.abort();
  await expect(request).rejects.toThrow();
  simulator.control.resetRequests();
  // It takes as long as the first, which has ended by then.
  await describeOrganization(simulator.url, '222222222222');
  expect(simulator.control.requests().map(({ accountId }) => accountId)).toEqual(['222222222222']);
});
