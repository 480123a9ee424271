import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';
import type { OperationName } from '../../src/simulator/model/operations.ts';
import { CopyGateway, copySettings, organizationOf } from '../support/copied-organization.ts';

const members = 120;
const pages = 6;
/** The members, the root and the unit have tags. */
const tagged = members + 2;
const ACCOUNTS = '{ organization { accounts(first: 1000) { nodes { id name parent { id } } } } }';

let simulator: Simulator;
let folder: string;
let gateway: CopyGateway | undefined;

beforeEach(async () => {
  simulator = await startSimulator({ seed: organizationOf(members) });
  folder = await mkdtemp(join(tmpdir(), 'orgql-copy-'));
});
afterEach(async () => {
  await gateway?.[Symbol.asyncDispose]();
  gateway = undefined;
  await simulator.close();
  await rm(folder, { recursive: true });
});

const start = async () => {
  gateway = await CopyGateway.start({
    ...copySettings(simulator.url),
    inventory: [{ principal: 'partner', maxAgeMs: 600_000, tagsMaxAgeMs: 600_000, budgetShare: 0.8 }],
    watch: { store: join(folder, 'events') },
  });
  return gateway;
};

const calls = (operation?: OperationName) => simulator.control.requestCount(operation);
const slow = (operation: OperationName, ms: number) =>
  simulator.control.setFaults({ latencyByOperation: { [operation]: ms } });
const untilCalls = (operation: OperationName, count: number) =>
  expect.poll(() => calls(operation), { interval: 5, timeout: 30_000 }).toBeGreaterThanOrEqual(count);

it('a complete copy answers right after a restart with its true age, and is not read again', async () => {
  const first = await start();
  await first.untilReady();
  const before = await first.copied(ACCOUNTS);
  const asOf = (await first.list('accounts'))?.asOf ?? '';
  await first[Symbol.asyncDispose]();
  simulator.control.resetRequests();
  const second = await start();
  const after = await second.copied(ACCOUNTS);
  expect(after.data).toEqual(before.data);
  expect(after.ageMs).toBeGreaterThanOrEqual(Math.floor(Date.now() - Date.parse(asOf)) - 1_000);
  expect((await second.list('accounts'))?.asOf).toBe(asOf);
  await second.untilReady();
  await untilCalls('DescribeOrganization', 1);
  const read = Object.fromEntries(simulator.control.requests().map(({ operation, count }) => [operation, count]));
  // The organization and the five watched lists are verified.
  expect(Object.keys(read).filter((name) => !/Handshakes|Transfers|CreateAccountStatus|Caller/.test(name))).toEqual([
    'DescribeOrganization',
  ]);
});

it('a first sweep goes on after a restart where it stopped', async () => {
  slow('ListAccounts', 200);
  const first = await start();
  await untilCalls('ListAccounts', 4);
  await first[Symbol.asyncDispose]();
  const second = await start();
  await second.untilReady();
  expect((await second.copied(ACCOUNTS)).data.organization.accounts.nodes).toHaveLength(members);
  // The page that was in flight is read again.
  expect(calls('ListAccounts')).toBeLessThanOrEqual(pages + 1);
  expect(calls('ListTagsForResource')).toBeLessThanOrEqual(tagged + 4);
});

it('a later sweep goes on after a restart with the parts that were not read', async () => {
  const first = await start();
  await first.untilReady();
  slow('ListTagsForResource', 60);
  simulator.control.resetRequests();
  await first.ask('mutation { refreshInventory(input: { lists: ["tags"] }) { calls } }');
  await untilCalls('ListTagsForResource', tagged / 2);
  await first[Symbol.asyncDispose]();
  const second = await start();
  expect((await second.copied(ACCOUNTS)).data.organization.accounts.nodes).toHaveLength(members);
  const asOf = (await second.list('tags'))?.asOf;
  await expect.poll(async () => (await second.list('tags'))?.asOf, { timeout: 20_000 }).not.toBe(asOf);
  // Four parts were in flight, and as many may have been read without being noted.
  expect(calls('ListTagsForResource')).toBeLessThanOrEqual(tagged + 8);
});

it('a part whose token has expired at the restart is read from its first page', async () => {
  slow('ListAccounts', 200);
  const first = await start();
  await untilCalls('ListAccounts', 4);
  await first[Symbol.asyncDispose]();
  simulator.control.resetRequests();
  simulator.control.setFaults({
    latencyByOperation: {},
    failures: [
      {
        operation: 'ListAccounts',
        times: 1,
        failure: { kind: 'error', error: 'InvalidInputException', reason: 'INVALID_NEXT_TOKEN' },
      },
    ],
  });
  const second = await start();
  await second.untilReady();
  expect((await second.copied(ACCOUNTS)).data.organization.accounts.nodes).toHaveLength(members);
  expect(calls('ListAccounts')).toBe(1 + pages);
});
