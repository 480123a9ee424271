import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ConfigInput } from '../../src/config/index.ts';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';
import { accountIdOf, CopyGateway, copySettings, organizationOf, unitId } from '../support/copied-organization.ts';
import { startCuttingProxy } from '../support/cutting-proxy.ts';
import { RedisServer } from './redis-server.ts';

let redis: RedisServer;
let simulator: Simulator;
const gateways: CopyGateway[] = [];

beforeEach(async () => {
  redis = await RedisServer.start({ persistent: false });
  simulator = await startSimulator({ seed: organizationOf(120) });
});
afterEach(async () => {
  await Promise.all(gateways.splice(0).map((gateway) => gateway[Symbol.asyncDispose]()));
  await simulator.close();
  await redis[Symbol.asyncDispose]();
});

interface ReplicaSettings extends ConfigInput {
  readonly leaseMs?: number;
  readonly redisUrl?: string;
}

const start = async ({ leaseMs = 20_000, redisUrl = redis.url, ...more }: ReplicaSettings = {}) => {
  const config = copySettings(simulator.url, more);
  const gateway = await CopyGateway.start({ ...config, redis: { url: redisUrl, leaseMs, toleranceMs: 60_000 } });
  gateways.push(gateway);
  return gateway;
};

const counts = () =>
  Object.fromEntries(simulator.control.requests().map(({ operation, count }) => [operation, count] as const));

const ACCOUNTS = '{ organization { accounts(first: 1000) { totalCount nodes { id name parent { id } } } } }';

it('one of three gateways reads the organization, and all answer without a call', async () => {
  const first = await start();
  await first.untilReady();
  const read = counts();
  expect(read).toMatchObject({ ListAccounts: 6, DescribeOrganization: 1, ListTagsForResource: 122 });
  const all = [first, await start(), await start()];
  await Promise.all(all.map((gateway) => gateway.untilReady()));
  const answers = await Promise.all(all.map((gateway) => gateway.copied(ACCOUNTS)));
  expect(answers[0]?.data.organization.accounts.totalCount).toBe(120);
  for (const { data } of answers) expect(data).toEqual(answers[0]?.data);
  const statuses = await Promise.all(all.map((gateway) => gateway.list('accounts')));
  expect(statuses[0]?.nextRefreshAt).toEqual(expect.any(String));
  for (const status of statuses) expect(status).toEqual(statuses[0]);
  // The five watched lists are read again for each gateway that joins.
  for (const operation of ['ListAccounts', 'DescribeOrganization', 'ListTagsForResource', 'ListTargetsForPolicy'])
    expect([operation, counts()[operation]]).toEqual([operation, read[operation]]);
});

it.each([1, 2])('a sweep goes on at another gateway when its leader loses Redis; %i others', async (others) => {
  const proxy = await startCuttingProxy(redis.url);
  simulator.control.setFaults({ latencyByOperation: { ListAccounts: 400 } });
  await start({ redisUrl: proxy.url, leaseMs: 1_000 });
  const pages = () => simulator.control.requestCount('ListAccounts');
  await expect.poll(pages, { interval: 10 }).toBeGreaterThan(0);
  const rest: CopyGateway[] = [];
  for (let other = 0; other < others; other += 1) rest.push(await start({ leaseMs: 1_000 }));
  await expect.poll(pages, { interval: 10, timeout: 20_000 }).toBeGreaterThanOrEqual(4);
  await proxy[Symbol.asyncDispose]();
  await Promise.all(rest.map((gateway) => gateway.untilReady()));
  for (const gateway of rest)
    expect((await gateway.copied(ACCOUNTS)).data.organization.accounts.nodes).toHaveLength(120);
  // The page in flight is lost, and the gateway without Redis may have begun one more.
  expect(pages()).toBeLessThanOrEqual(6 + 2);
});

it('a gateway that shuts down leaves the copy to another at once', async () => {
  const inventory = [{ principal: 'partner', maxAgeMs: 4_000, tagsMaxAgeMs: 600_000, budgetShare: 0.8 }];
  const first = await start({ leaseMs: 60_000, inventory });
  await first.untilReady();
  const second = await start({ leaseMs: 60_000, inventory });
  await expect.poll(async () => (await second.list('accounts'))?.objects).toBe(120);
  await first[Symbol.asyncDispose]();
  const before = (await second.list('accounts'))?.asOf ?? '';
  await expect.poll(async () => (await second.list('accounts'))?.asOf, { timeout: 15_000 }).not.toBe(before);
});

it('a write through a gateway is seen by the next read at each, whatever its age', async () => {
  const all = [await start(), await start(), await start()];
  await Promise.all(all.map((gateway) => gateway.untilReady()));
  for (const [index, writer] of [...all.entries(), ...all.entries()]) {
    const name = `Renamed ${index} ${Math.random()}`;
    await writer.ask(`mutation { updateOrganizationalUnit(input: { organizationalUnitId: "${unitId}", name: "${name}" }) {
      ... on UpdateOrganizationalUnitPayload { organizationalUnit { name } } } }`);
    const read = (gateway: CopyGateway) =>
      gateway.ask(`{ organizationalUnit(id: "${unitId}") { name } }`, { maxAge: 600 });
    const answers = await Promise.all(all.map(read));
    expect(answers.map(({ errors, data }) => errors ?? data.organizationalUnit.name)).toEqual([name, name, name]);
  }
  // The copies answer again when the leader has stored the writes.
  const account = accountIdOf(7);
  await all[2]?.ask(`mutation { moveAccount(input: { accountId: "${account}", sourceParentId: "r-root",
    destinationParentId: "${unitId}" }) { __typename } }`);
  for (const gateway of all) {
    const parent = async () => {
      const { data } = await gateway.ask(`{ account(id: "${account}") { parent { id } } }`, {
        ...{ maxAge: 600, onlyIfCached: true },
      });
      return data?.account?.parent.id;
    };
    await expect.poll(parent).toBe(unitId);
  }
});
