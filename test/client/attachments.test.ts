import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { watch } from '../../src/client/index.ts';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';
import { accountIdOf, CopyGateway, copySettings, organizationOf, unitId } from '../support/copied-organization.ts';

// Tables of the organization's lists over a restart of the gateway, also of attachments, which have two objects.

let folder: string;
let simulator: Simulator;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orgql-attachments-'));
  simulator = await startSimulator({ seed: organizationOf(8) });
});
afterAll(async () => {
  await simulator.close();
  await rm(folder, { recursive: true });
});

interface Attachment {
  readonly policy: { readonly id: string };
  readonly target: { readonly id: string };
}
interface Account {
  readonly id: string;
  readonly parent: { readonly id: string };
}
type AttachmentEvent = { readonly type: string } & { readonly [M in keyof Attachment]: Attachment[M] | null };

const ATTACHMENTS = `subscription ($after: String) {
  policyAttachmentChanges(after: $after) { type reset cursor policy { id } target { id } } }`;
const ACCOUNTS = `subscription ($after: String) {
  accountChanges(after: $after) { type reset cursor account { id parent { id } } } }`;

const start = async (port: number) => {
  const gateway = await CopyGateway.start({
    ...copySettings(simulator.url),
    port,
    watch: { store: join(folder, 'events'), minIntervalMs: 50, maxIntervalMs: 200 },
  });
  await gateway.untilReady();
  return gateway;
};

const write = async (gateway: CopyGateway, field: string, input: string) => {
  const { data, errors } = await gateway.ask(
    `mutation { ${field}(input: ${input}) { __typename ... on Error { message } } }`,
  );
  expect(errors).toBeUndefined();
  expect(data[field].message).toBeUndefined();
};

it('a table of attachments, and one of accounts, resume after a restart without a change twice or missing', async () => {
  const first = await start(0);
  const content = JSON.stringify(
    JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: 'a:b', Resource: '*' }] }),
  );
  const { data } = await first.ask(`mutation { createPolicy(input: {
    name: "Deny", description: "", type: SERVICE_CONTROL_POLICY, content: ${content} }) {
      ... on CreatePolicyPayload { policy { id } } } }`);
  const policy: string = data.createPolicy.policy.id;
  const options = { transport: { url: first.gateway.url }, minRetryMs: 10, maxRetryMs: 50 };
  const attachments = watch<Attachment, AttachmentEvent>(ATTACHMENTS, {
    ...options,
    toRow: (event: AttachmentEvent) => event.policy && event.target && { policy: event.policy, target: event.target },
    key: (row) => `${row.policy.id} at ${row.target.id}`,
  });
  const accounts = watch<Account, { readonly type: string }>(ACCOUNTS, options);
  await Promise.all([attachments.ready(), accounts.ready()]);
  expect(attachments.rows.has('p-FullAWSAccess at r-root')).toBe(true);
  const changes: string[] = [];
  attachments.onChange((more) => changes.push(...more.map((one) => `${one.type} ${one.id} ${one.event?.type}`)));
  accounts.onChange((more) => changes.push(...more.map((one) => `${one.type} ${one.id} ${one.event?.type}`)));

  await write(first, 'attachPolicy', `{ policyId: "${policy}", targetId: "${unitId}" }`);
  await expect.poll(() => attachments.rows.has(`${policy} at ${unitId}`), { timeout: 10_000 }).toBe(true);
  await write(first, 'detachPolicy', `{ policyId: "${policy}", targetId: "${unitId}" }`);
  await expect.poll(() => attachments.rows.has(`${policy} at ${unitId}`), { timeout: 10_000 }).toBe(false);
  const { port } = first.gateway;
  await first[Symbol.asyncDispose]();
  await expect.poll(() => attachments.status.state, { timeout: 10_000 }).toBe('reconnecting');

  const second = await start(port);
  const account = accountIdOf(2);
  const place = `accountId: "${account}", sourceParentId: "r-root", destinationParentId: "${unitId}"`;
  await write(second, 'attachPolicy', `{ policyId: "${policy}", targetId: "${account}" }`);
  await write(second, 'moveAccount', `{ ${place} }`);
  await expect.poll(() => attachments.rows.has(`${policy} at ${account}`), { timeout: 20_000 }).toBe(true);
  await expect.poll(() => accounts.rows.get(account)?.parent.id, { timeout: 20_000 }).toBe(unitId);
  expect(changes.sort()).toEqual(
    [
      `ADDED ${policy} at ${unitId} ADDED`,
      `REMOVED ${policy} at ${unitId} REMOVED`,
      `ADDED ${policy} at ${account} ADDED`,
      `CHANGED ${account} CHANGED`,
    ].sort(),
  );
  const { data: read } = await second.ask(
    `{ organization { accounts(first: 100) { nodes { id parent { id } } }
      policies(type: SERVICE_CONTROL_POLICY, first: 100) { nodes { id targets(first: 100) { nodes { targetId } } } } } }`,
    { maxAge: 600 },
  );
  type Policy = { readonly id: string; readonly targets: { readonly nodes: readonly { readonly targetId: string }[] } };
  const expected = read.organization.policies.nodes.flatMap(({ id, targets }: Policy) =>
    targets.nodes.map(({ targetId }) => `${id} at ${targetId}`),
  );
  expect([...attachments.rows.keys()].sort()).toEqual(expected.sort());
  const byId = (nodes: readonly { readonly id: string }[]) => nodes.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  expect(byId([...accounts.rows.values()])).toEqual(byId(read.organization.accounts.nodes));
  attachments.close();
  accounts.close();
  await second[Symbol.asyncDispose]();
}, 90_000);
