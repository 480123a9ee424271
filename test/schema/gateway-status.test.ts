import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import packageFile from '../../package.json' with { type: 'json' };
import { demoSettings } from '../../src/cli/demo-settings.ts';
import { createClock } from '../../src/simulator/clock.ts';
import type { MinuteUsage } from '../../src/upstream/usage.ts';
import { apiKey } from '../support/api-key.ts';
import { type Demo, startDemo } from '../support/gateway.ts';

const fields = /* GraphQL */ `
  now version startedAt
  inventory { state lists { name } }
  upstreamCalls { minute calls cached throttled }
  rateBudget { operation left burst ratePerSecond callsLastHour }
  pollers { list intervalMs subscribers lastReadAt error }
  principals { name accountId ready code }
`;
const read = `{ gatewayStatus { ${fields} } }`;
const watch = `subscription { gatewayStatusChanges { ${fields} } }`;
const transferPoll = 'subscription { inboundResponsibilityTransferChanges { type } }';

type Minute = { readonly minute: string } & Omit<MinuteUsage, 'minute'>;
const sum = (minutes: readonly Minute[], member: 'calls' | 'cached' | 'throttled') =>
  minutes.reduce((total, minute) => total + minute[member], 0);

/** Slow enough that no token comes back during a test. */
const limits = { ...demoSettings('').upstream.limits, ListRoots: { rate: 0.001, burst: 20 } };

let demo: Demo;
beforeAll(async () => {
  demo = await startDemo({ config: { upstream: { budget: 'documented', cacheMs: 60_000, limits } } });
});
afterAll(() => demo.close());

async function status(as?: Parameters<Demo['query']>[2], from = demo) {
  const { data, errors, extensions } = await from.query(read, {}, as);
  expect(errors).toBeUndefined();
  expect(extensions.upstream.calls).toBe(0);
  return data.gatewayStatus;
}

describe('Query.gatewayStatus', () => {
  test('reports the version, the start, and every minute of the last hour', async () => {
    const { version, startedAt, upstreamCalls, inventory } = await status();
    expect(version).toBe(packageFile.version);
    expect(Date.now() - Date.parse(startedAt)).toBeLessThan(60_000);
    expect(inventory).toBeNull();
    const minutes = upstreamCalls.map(({ minute }: Minute) => Date.parse(minute));
    expect(minutes).toHaveLength(60);
    expect(
      minutes.every(
        (minute: number, index: number) =>
          minute % 60_000 === 0 && (index === 0 || minute - minutes[index - 1] === 60_000),
      ),
    ).toBe(true);
  });

  test('counts calls, cached reads and what the budget has left, for the principal of the operation alone', async () => {
    const roots = '{ organization { roots { nodes { id } } } }';
    const [mine, others] = [await status({ principal: 'customer' }), await status()];
    await demo.query(roots, {}, { principal: 'customer' });
    await demo.query(roots, {}, { principal: 'customer' });
    const after = await status({ principal: 'customer' });
    expect(sum(after.upstreamCalls, 'calls') - sum(mine.upstreamCalls, 'calls')).toBe(2);
    expect(sum(after.upstreamCalls, 'cached') - sum(mine.upstreamCalls, 'cached')).toBeGreaterThan(0);
    const budgetOf = ({ rateBudget }: typeof after) =>
      rateBudget.find(({ operation }: { operation: string }) => operation === 'ListRoots');
    expect(budgetOf(mine)).toMatchObject({ left: budgetOf(mine).burst, callsLastHour: 0 });
    expect(budgetOf(after)).toEqual({
      ...{ operation: 'ListRoots', left: 19, burst: 20, ratePerSecond: 0.001, callsLastHour: 1 },
    });
    expect(sum((await status()).upstreamCalls, 'calls')).toBe(sum(others.upstreamCalls, 'calls'));
  });

  test('counts throttled calls', async () => {
    const before = await status({ principal: 'standalone' });
    demo.simulator.control.fail({
      accountId: '222222222222',
      failure: { kind: 'error', error: 'TooManyRequestsException' },
      times: 1,
    });
    await demo.query('{ viewer { handshakes { nodes { id } } } }', {}, { principal: 'standalone' });
    const after = await status({ principal: 'standalone' });
    expect(sum(after.upstreamCalls, 'throttled') - sum(before.upstreamCalls, 'throttled')).toBe(1);
    expect(sum(after.upstreamCalls, 'calls') - sum(before.upstreamCalls, 'calls')).toBe(2);
  });

  test('names a principal whose last call AWS did not answer, until it answers one', async () => {
    const principalOf = async () => (await status()).principals[2];
    const roots = '{ organization { roots { nodes { id } } } }';
    const end = demo.simulator.control.fail({ accountId: '222222222222', failure: { kind: 'reset' } });
    await demo.query(roots, {}, { principal: 'standalone' });
    expect(await principalOf()).toEqual({
      ...{ name: 'standalone', accountId: '222222222222' },
      ...{ ready: false, code: 'UPSTREAM_UNAVAILABLE' },
    });
    end();
    await demo.query(roots, {}, { principal: 'standalone' });
    expect(await principalOf()).toMatchObject({ ready: true, code: null });
  });

  test('lists the pollers of the principal with their subscribers, and why a read failed', async () => {
    const subscriptions = [demo.subscribe(transferPoll), demo.subscribe(transferPoll)];
    await Promise.all(subscriptions.map((subscription) => subscription.event()));
    const [poller] = (await status()).pollers;
    expect(poller).toMatchObject({ list: 'inboundResponsibilityTransfers', subscribers: 2, error: null });
    expect(poller.intervalMs).toBeGreaterThanOrEqual(50);
    expect(Date.now() - Date.parse(poller.lastReadAt)).toBeLessThan(60_000);
    expect((await status({ principal: 'customer' })).pollers).toEqual([]);
    const operation = 'ListInboundResponsibilityTransfers';
    const end = demo.simulator.control.fail({ operation, failure: { kind: 'error', error: 'ServiceException' } });
    await vi.waitFor(async () => expect((await status()).pollers[0].error).toMatch(/\w/), { timeout: 10_000 });
    end();
    await Promise.all(subscriptions.map((subscription) => subscription.return()));
    await vi.waitFor(async () => expect((await status()).pollers).toEqual([]));
  });

  test('has the time of the simulator', async () => {
    const clock = createClock({ start: Date.UTC(2031, 4, 6, 7, 8, 9), rate: 0 });
    await using other = await startDemo({ simulator: { clock } });
    await other.query('{ organization { id } }');
    const { now, upstreamCalls } = await status({}, other);
    expect(now).toMatch(/^2031-05-06T07:08/);
    const last = upstreamCalls.findLast(({ calls }: Minute) => calls > 0);
    expect(Math.abs(Date.parse(last.minute) - Date.parse(now))).toBeLessThan(120_000);
  });

  test('has no rate budget when none is kept to', async () => {
    await using other = await startDemo();
    expect((await status({}, other)).rateBudget).toEqual([]);
  });
});

describe('Subscription.gatewayStatusChanges', () => {
  test.for(['subscribe', 'subscribeBySse'] as const)(
    'sends the status at once, and again after a change, without a call of its own (%s)',
    async (subscribe) => {
      await using other = await startDemo();
      const subscription = other[subscribe](watch);
      const first = (await subscription.event()).data.gatewayStatusChanges;
      expect(sum(first.upstreamCalls, 'calls')).toBe(0);
      await other.query('{ organization { id roots { nodes { id } } } }');
      let event = await subscription.event();
      while (sum(event.data.gatewayStatusChanges.upstreamCalls, 'calls') < 2) event = await subscription.event();
      expect(event.extensions.upstream).toMatchObject({ calls: 0, cached: 0 });
      expect(other.simulator.control.requestCount()).toBe(2);
      await subscription.return();
    },
  );

  test('ends with the gateway', async () => {
    const other = await startDemo();
    const subscription = other.subscribe(watch);
    await subscription.event();
    const ended = expect(subscription.event()).rejects.toMatchObject({ code: 1001 });
    await other.gateway.close();
    await ended;
    await other.close();
  });
});

test('shows a caller its own principals only, and requires the scope gateway:read', async () => {
  const keys = {
    operator: apiKey({ name: 'operator', principals: ['customer'], scopes: ['gateway:read'] }),
    reader: apiKey({ name: 'reader', principals: ['customer'], scopes: ['read'] }),
  };
  const auth = { type: 'apiKeys' as const, keys: Object.values(keys).map(({ settings }) => settings) };
  await using other = await startDemo({ config: { auth } });
  const as = ({ authorization }: (typeof keys)['reader']) => ({
    headers: { authorization },
    connectionParams: { authorization },
  });
  const { principals } = await status(as(keys.operator), other);
  expect(principals).toEqual([{ name: 'customer', accountId: '444444444444', ready: true, code: null }]);
  const event = await other.subscribe(watch, {}, as(keys.operator)).event();
  expect(event.data.gatewayStatusChanges.principals).toEqual(principals);
  const missing = { extensions: { code: 'FORBIDDEN', missingScopes: ['gateway:read'] } };
  expect((await other.query(read, {}, as(keys.reader))).errors).toMatchObject([missing]);
  await expect(other.subscribe(watch, {}, as(keys.reader)).event()).rejects.toMatchObject([missing]);
});
