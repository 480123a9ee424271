import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';
import { subscribe } from '../support/client.ts';
import { accountIdOf, CopyGateway, copySettings, organizationOf, unitId } from '../support/copied-organization.ts';
import { startCuttingProxy } from '../support/cutting-proxy.ts';
import { RedisServer } from './redis-server.ts';

// Gateways that share Redis have one history.

let redis: RedisServer;
let simulator: Simulator;
const gateways: CopyGateway[] = [];

beforeEach(async () => {
  redis = await RedisServer.start({ persistent: false });
  simulator = await startSimulator({ seed: organizationOf(40) });
});
afterEach(async () => {
  await Promise.all(gateways.splice(0).map((gateway) => gateway[Symbol.asyncDispose]()));
  await simulator.close();
  await redis[Symbol.asyncDispose]();
});

const start = async (redisUrl = redis.url) => {
  const config = copySettings(simulator.url);
  const gateway = await CopyGateway.start({
    ...config,
    redis: { url: redisUrl, leaseMs: 1_000, toleranceMs: 60_000 },
  });
  gateways.push(gateway);
  await gateway.untilReady();
  return gateway;
};

const history = async (gateway: CopyGateway, filter = '') => {
  const { data } = await gateway.copied(
    `{ organization { history(first: 1000 ${filter}) { gaps { missing } nodes {
      id observedAt kind type objectId objectName members { name before after } source caller requestId } } } }`,
  );
  expect(data.organization.history.gaps).toEqual([]);
  return data.organization.history.nodes as readonly { readonly objectId: string; readonly type: string }[];
};

const move = async (gateway: CopyGateway, number: number, from: string, to: string) => {
  const input = `{ accountId: "${accountIdOf(number)}", sourceParentId: "${from}", destinationParentId: "${to}" }`;
  const { data } = await gateway.ask(`mutation { moveAccount(input: ${input}) { __typename } }`);
  expect(data.moveAccount.__typename).toBe('MoveAccountPayload');
};

it('has each write through any gateway once, and is the same at all', async () => {
  const all = [await start(), await start(), await start()];
  for (let number = 0; number < 9; number += 1) await move(all[number % 3] as CopyGateway, number, 'r-root', unitId);
  for (const gateway of all)
    await expect.poll(async () => (await history(gateway)).length, { timeout: 10_000 }).toBeGreaterThanOrEqual(9);
  const [first, ...others] = await Promise.all(all.map((gateway) => history(gateway)));
  for (const other of others) expect(other).toEqual(first);
  expect(first?.map(({ objectId }) => objectId).sort()).toEqual(Array.from({ length: 9 }, (_, n) => accountIdOf(n)));
  for (const change of first ?? [])
    expect(change).toMatchObject({
      type: 'ACCOUNT',
      source: 'GATEWAY',
      caller: 'anonymous',
      requestId: expect.any(String),
    });
  const one = `filter: { objectIds: ["${accountIdOf(4)}"] }`;
  expect(await history(all[2] as CopyGateway, one)).toEqual(
    first?.filter(({ objectId }) => objectId === accountIdOf(4)),
  );
});

it('goes on at another gateway when the writer loses Redis or shuts down, and survives all gateways', async () => {
  const proxy = await startCuttingProxy(redis.url);
  const first = await start(proxy.url);
  await move(first, 0, 'r-root', unitId);
  const second = await start();
  await proxy[Symbol.asyncDispose]();
  await move(second, 1, 'r-root', unitId);
  const moved = async (gateway: CopyGateway) => (await history(gateway)).map(({ objectId }) => objectId).sort();
  await expect.poll(() => moved(second), { timeout: 20_000 }).toEqual([0, 1].map(accountIdOf));
  await second[Symbol.asyncDispose]();
  await first[Symbol.asyncDispose]();
  const third = await start();
  await move(third, 2, 'r-root', unitId);
  await expect.poll(() => moved(third), { timeout: 20_000 }).toEqual([0, 1, 2].map(accountIdOf));
});

it('fails with a code while Redis is away', async () => {
  const proxy = await startCuttingProxy(redis.url);
  const gateway = await start(proxy.url);
  await move(gateway, 0, 'r-root', unitId);
  await expect.poll(async () => (await history(gateway)).length, { timeout: 10_000 }).toBe(1);
  await proxy[Symbol.asyncDispose]();
  const { data, errors } = await gateway.ask('{ organization { history { nodes { id } } } }', { maxAge: 600 });
  expect(data.organization.history).toBeNull();
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'HISTORY_UNAVAILABLE', retryable: true });
});

it('sends the changes of lists at each gateway, and resumes at another one without a change twice or missing', async () => {
  const [first, second] = [await start(), await start()];
  const document = `subscription ($after: String) { accountChanges(after: $after) {
    type cursor account { id parent { id } } members { name before after } } }`;
  type Event = { readonly type: string; readonly cursor: string; readonly account: { readonly id: string } | null };
  const events = subscribe(second.gateway.url, { document });
  const next = async (from = events): Promise<Event> => (await from.event()).data.accountChanges;
  let last = await next();
  while (last.type !== 'BOOKMARK') last = await next();
  await move(first, 0, 'r-root', unitId);
  last = await next();
  expect(last).toMatchObject({
    ...{ type: 'CHANGED', account: { id: accountIdOf(0), parent: { id: unitId } } },
    members: [{ name: 'parent', before: 'r-root', after: unitId }],
  });
  await second[Symbol.asyncDispose]();
  await move(first, 1, 'r-root', unitId);
  await move(first, 0, unitId, 'r-root');
  const resumed = subscribe(first.gateway.url, { document, variables: { after: last.cursor } });
  const received: string[] = [];
  for (let event = await next(resumed); event.type !== 'BOOKMARK'; event = await next(resumed))
    received.push(`${event.type} ${event.account?.id}`);
  expect(received).toEqual([`CHANGED ${accountIdOf(1)}`, `CHANGED ${accountIdOf(0)}`]);
  await resumed.return();
});
