import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';
import { subscribe } from '../support/client.ts';
import { accountIdOf, CopyGateway, copySettings, organizationOf, unitId } from '../support/copied-organization.ts';

// The story of docs/inventory.md: which production accounts does a policy not reach, and what happens if one is moved?

let folder: string;
let simulator: Simulator | undefined;
let gateway: CopyGateway;

const start = async () => {
  // The store belongs to one endpoint.
  const port = simulator === undefined ? 0 : Number(new URL(simulator.url).port);
  simulator = await startSimulator({ port, seed: organizationOf(12), stateFile: join(folder, 'world.json') });
  gateway = await CopyGateway.start({ ...copySettings(simulator.url), watch: { store: join(folder, 'events') } });
  await gateway.untilReady();
};
const stop = async () => {
  await gateway[Symbol.asyncDispose]();
  await simulator?.close();
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orgql-story-'));
  await start();
}, 60_000);
afterAll(async () => {
  await stop();
  await rm(folder, { recursive: true });
});

const write = async (field: string, input: string, selection = '__typename') => {
  const { data, errors } = await gateway.ask(
    `mutation { ${field}(input: ${input}) { ${selection} ... on Error { message } } }`,
  );
  expect(errors).toBeUndefined();
  expect(data[field].message).toBeUndefined();
  return data[field];
};

const [inside, outside, untagged] = [2, 3, 4].map(accountIdOf) as [string, string, string];
const MISSED = (policy: string) => `{ organization { accounts(first: 100, filter: {
  under: "${unitId}", tags: [{ key: "stage", values: ["prod"] }], policy: { id: "${policy}", applies: false } }) {
    nodes { id name parent { id } } } } }`;
const HISTORY = `{ account(id: "${outside}") { history(first: 1) {
  nodes { observedAt kind type members { name before after } source } } } }`;

it('finds production accounts that a policy does not reach, previews and makes a move, and keeps its history', async () => {
  const created = await write(
    'createOrganizationalUnit',
    `{ parentId: "${unitId}", name: "Guarded" }`,
    '... on CreateOrganizationalUnitPayload { organizationalUnit { id } }',
  );
  const guarded: string = created.organizationalUnit.id;
  for (const id of [inside, outside, untagged])
    await write('moveAccount', `{ accountId: "${id}", sourceParentId: "r-root", destinationParentId: "${unitId}" }`);
  await write(
    'moveAccount',
    `{ accountId: "${inside}", sourceParentId: "${unitId}", destinationParentId: "${guarded}" }`,
  );
  for (const id of [inside, outside])
    await write('tagResource', `{ resourceId: "${id}", tags: [{ key: "stage", value: "prod" }] }`);
  const deny = { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: 's3:DeleteBucket', Resource: '*' }] };
  const content = JSON.stringify(JSON.stringify(deny));
  const made = await write(
    'createPolicy',
    `{ name: "KeepBuckets", description: "", type: SERVICE_CONTROL_POLICY, content: ${content} }`,
    '... on CreatePolicyPayload { policy { id } }',
  );
  const policy: string = made.policy.id;
  await write('attachPolicy', `{ policyId: "${policy}", targetId: "${guarded}" }`);
  await gateway.untilReady();

  const missed = async () => (await gateway.copied(MISSED(policy))).data.organization.accounts.nodes;
  await expect.poll(missed, { timeout: 20_000 }).toEqual([{ id: outside, name: 'account 3', parent: { id: unitId } }]);

  const preview = await gateway.copied(`{ organization { policyPreview(changes: [
    { moveAccount: { accountId: "${outside}", destinationParentId: "${guarded}" } }]) {
      accounts { nodes { account { id } gained { policy { name } target { id } } lost { policy { id } } } } } } }`);
  const { nodes } = preview.data.organization.policyPreview.accounts;
  expect(nodes).toHaveLength(1);
  expect(nodes[0]).toMatchObject({ account: { id: outside }, lost: [] });
  expect(nodes[0].gained).toContainEqual({ policy: { name: 'KeepBuckets' }, target: { id: guarded } });

  const second = subscribe(gateway.gateway.url, {
    document: `subscription { accountChanges(filter: { ids: ["${outside}"] }) {
      type account { id parent { id } } members { name before after } } }`,
  });
  const next = async () => (await second.event()).data.accountChanges;
  expect((await next()).type).toBe('SNAPSHOT');
  expect((await next()).type).toBe('BOOKMARK');
  await write(
    'moveAccount',
    `{ accountId: "${outside}", sourceParentId: "${unitId}", destinationParentId: "${guarded}" }`,
  );
  const members = [{ name: 'parent', before: unitId, after: guarded }];
  expect(await next()).toEqual({ type: 'CHANGED', account: { id: outside, parent: { id: guarded } }, members });
  await second.return();
  expect(await missed()).toEqual([]);

  const history = async () => (await gateway.copied(HISTORY)).data.account.history.nodes;
  const [entry] = await history();
  expect(entry).toMatchObject({ kind: 'CHANGED', type: 'ACCOUNT', members, source: 'GATEWAY' });

  await stop();
  await start();
  expect(await history()).toEqual([entry]);
  expect(await missed()).toEqual([]);
}, 90_000);
