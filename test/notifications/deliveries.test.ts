import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ConfigInput } from '../../src/config/index.ts';
import { type Demo, type LogLine, startDemo } from '../support/gateway.ts';
import { acceptAsCustomer, inviteToTransfer } from '../support/transfers.ts';
import { secret, WebhookReceiver } from '../support/webhook-receiver.ts';

type Destination = NonNullable<ConfigInput['notifications']>[number];

const other = `whsec_${Buffer.alloc(24, 9).toString('base64')}`;

let receiver: WebhookReceiver;
let demo: Demo;
let lines: LogLine[];

beforeEach(async () => {
  receiver = await WebhookReceiver.start();
  lines = [];
});
afterEach(async () => {
  await demo.close();
  await receiver[Symbol.asyncDispose]();
  expect(receiver.problems).toEqual([]);
  // Neither secrets nor the path of the URL are logged.
  const logged = JSON.stringify(lines);
  for (const text of [secret, secret.slice(6), other, '/hook', '/services']) expect(logged).not.toContain(text);
});

const start = async (settings: Partial<Omit<Destination, 'webhook'>> = {}, webhook: object = {}) => {
  const destination = {
    name: 'desk',
    principal: 'partner',
    events: ['handshake', 'responsibilityTransfer'],
    ...settings,
    retry: { minDelayMs: 10, maxDelayMs: 50, ...settings.retry },
    webhook: { url: receiver.url, secret, allowHttp: true, allowPrivateAddresses: true, ...webhook },
  } satisfies Destination;
  demo = await startDemo({
    config: { notifications: [destination], log: { level: 'info' } },
    onLog: (line) => lines.push(line),
  });
  // What a destination reads first is not sent. The lists of an organization's copy are not among the pollers.
  const polled = { handshake: 2, responsibilityTransfer: 2, createAccountStatus: 1 };
  const lists = destination.events.reduce((sum, type) => sum + (polled[type as keyof typeof polled] ?? 0), 0);
  const isRead = (poller: { lastReadAt: string | null; subscribers: number }) =>
    poller.lastReadAt !== null && poller.subscribers > 0;
  await expect
    .poll(async () => {
      const { data } = await demo.query('{ gatewayStatus { pollers { lastReadAt subscribers } } }');
      return data.gatewayStatus.pollers.filter(isRead).length;
    })
    .toBe(lists);
  await expect.poll(async () => (await status()).state).toBe('ACTIVE');
};

const status = async () => {
  const { data } = await demo.query(
    '{ gatewayStatus { notifications { name state format pending deadLetters sent failed retries error } } }',
  );
  return data.gatewayStatus.notifications[0];
};

const of = (id: string) => receiver.delivered.filter(({ subject }) => subject === id);

it('sends the changes of an invitation and its transfer, signed, in order, without personal data', async () => {
  await start();
  const { handshakeId, transferId } = await inviteToTransfer(demo, { name: 'Acme', notes: 'private' });
  await acceptAsCustomer(demo, handshakeId);
  await receiver.until(() => of(handshakeId).length === 2 && of(transferId).length === 2);
  expect(of(handshakeId).map(({ type, data }) => [type, data.handshake.state, data.members])).toEqual([
    ['dev.orgql.handshake.added.v1', 'REQUESTED', []],
    ['dev.orgql.handshake.changed.v1', 'ACCEPTED', [{ name: 'state', before: 'REQUESTED', after: 'ACCEPTED' }]],
  ]);
  expect(of(transferId).map(({ type, data }) => [type, data.responsibilityTransfer.status])).toEqual([
    ['dev.orgql.responsibilityTransfer.added.v1', 'REQUESTED'],
    ['dev.orgql.responsibilityTransfer.changed.v1', 'ACCEPTED'],
  ]);
  const [first] = of(handshakeId);
  expect(first?.source).toMatch(/^arn:aws:organizations::111111111111:organization\/o-\w+#organizationHandshakes$/);
  const all = JSON.stringify(receiver.requests);
  expect(all).not.toMatch(/@/);
  expect(all).not.toContain('private');
  expect(await status()).toMatchObject({ name: 'desk', state: 'ACTIVE', pending: 0, sent: 4, failed: 0 });
});

it('sends personal data that is included, and only what the filter selects, with a signature of each secret', async () => {
  const rotated = await WebhookReceiver.start({ secrets: [secret, other] });
  await start(
    {
      include: ['email', 'notes'],
      filter: { handshake: { text: 'acme@example.com' }, responsibilityTransfer: { statuses: ['CANCELED'] } },
    },
    { url: rotated.url, secret: [other, secret] },
  );
  await inviteToTransfer(demo, { name: 'Umbrella', id: 'umbrella@example.com' });
  const { handshakeId } = await inviteToTransfer(demo, { name: 'Acme', id: 'acme@example.com', notes: 'Call Jo' });
  await demo.query(`mutation { cancelHandshake(input: { handshakeId: "${handshakeId}" }) { __typename } }`);
  await rotated.until(() => rotated.delivered.length === 3);
  const texts = rotated.delivered.map((event) => JSON.stringify(event));
  expect(texts.filter((text) => text.includes('acme@example.com'))).toHaveLength(3);
  expect(texts.filter((text) => text.includes('Call Jo'))).toHaveLength(2);
  const types = rotated.delivered.map(({ type }) => type);
  expect(types.filter((type) => type.includes('handshake'))).toEqual([
    'dev.orgql.handshake.added.v1',
    'dev.orgql.handshake.changed.v1',
  ]);
  // A list that is read after the cancellation shows the transfer for the first time.
  expect(types.filter((type) => /responsibilityTransfer\.(added|changed)/.test(type))).toHaveLength(1);
  expect(rotated.problems).toEqual([]);
  await rotated[Symbol.asyncDispose]();
});

it('sends the changes of accounts, units, policies and attachments', async () => {
  await start({
    events: ['account', 'organizationalUnit', 'policy', 'policyAttachment', 'createAccountStatus'],
    include: [],
  });
  const { data } = await demo.query(`{ organization {
    roots { nodes { id organizationalUnits(first: 2) { nodes { id } } } }
    accounts(first: 40) { nodes { id name parent { ... on Node { id } } } }
    policies(type: SERVICE_CONTROL_POLICY, first: 10) { nodes { id name } }
  } }`);
  const [unit] = data.organization.roots.nodes[0].organizationalUnits.nodes;
  const account = data.organization.accounts.nodes.find(({ name }: { name: string }) => name === 'Shared DNS');
  const policy = data.organization.policies.nodes.find(({ name }: { name: string }) => name.startsWith('Deny'));
  // The lists of the organization are read after the others.
  await expect
    .poll(
      async () => {
        await demo.query(
          `mutation { updateOrganizationalUnit(input: { organizationalUnitId: "${unit.id}", name: "U${Math.random()}" }) { __typename } }`,
        );
        return receiver.delivered.filter(({ type }) => type === 'dev.orgql.organizationalUnit.changed.v1').length;
      },
      { interval: 300, timeout: 15_000 },
    )
    .toBeGreaterThan(0);
  const moved = `sourceParentId: "${account.parent.id}", destinationParentId: "${unit.id}"`;
  await demo.query(`mutation { moveAccount(input: { accountId: "${account.id}", ${moved} }) { __typename } }`);
  await demo.query(`mutation { updatePolicy(input: { policyId: "${policy.id}", name: "Other" }) { __typename } }`);
  await demo.query(
    `mutation { attachPolicy(input: { policyId: "${policy.id}", targetId: "${account.id}" }) { __typename } }`,
  );
  await demo.query(
    'mutation { createAccount(input: { email: "new@example.com", accountName: "New" }) { __typename } }',
  );
  const types = () => new Set(receiver.delivered.map(({ type }) => type));
  await receiver.until(
    () =>
      ['account.changed', 'policy.changed', 'policyAttachment.added', 'createAccountStatus.added'].every((type) =>
        types().has(`dev.orgql.${type}.v1`),
      ),
    'changes of all objects',
  );
  const change = receiver.delivered.find(
    ({ type, subject }) => type.includes('account.changed') && subject === account.id,
  );
  expect(change?.data.members).toEqual([{ name: 'parent', before: account.parent.id, after: unit.id }]);
  expect(JSON.stringify(receiver.delivered)).not.toMatch(/@/);
});

it('retries an event until the receiver works, and delays no event of another object', async () => {
  await start();
  const failing: string[] = [];
  receiver.reply = ({ event }) => (failing.includes(event.subject ?? '') ? { status: 500 } : {});
  const { handshakeId: poor } = await inviteToTransfer(demo, { name: 'Poor', id: 'poor@example.com' });
  await receiver.until(() => of(poor).length === 1);
  failing.push(poor);
  await demo.query(`mutation { cancelHandshake(input: { handshakeId: "${poor}" }) { __typename } }`);
  const { handshakeId: good } = await inviteToTransfer(demo, { name: 'Good', id: 'good@example.com' });
  await receiver.until(() => of(good).length === 1);
  expect(of(poor)).toHaveLength(1);
  failing.pop();
  await receiver.until(() => of(poor).length === 2);
  expect((await status()).retries).toBeGreaterThan(0);
  await expect.poll(async () => (await status()).pending).toBe(0);
});

it('makes an event a dead letter after retry.forMs, sends later ones, and sends it again on request', async () => {
  await start({ events: ['handshake'], retry: { forMs: 300 } });
  receiver.reply = () => ({ status: 500 });
  const { handshakeId } = await inviteToTransfer(demo, { name: 'Acme', id: 'acme@example.com' });
  await expect.poll(async () => (await status()).deadLetters, { timeout: 10_000 }).toBe(1);
  expect(await status()).toMatchObject({ state: 'FAILING', error: 'the receiver replied with status 500', pending: 0 });
  receiver.reply = () => ({});
  await demo.query(`mutation { cancelHandshake(input: { handshakeId: "${handshakeId}" }) { __typename } }`);
  await receiver.until(() => of(handshakeId).length === 1);
  const { data } = await demo.query(
    'mutation { retryNotifications(input: { name: "desk" }) { deadLetters notification { name } } }',
  );
  expect(data.retryNotifications).toEqual({ deadLetters: 1, notification: { name: 'desk' } });
  await receiver.until(() => of(handshakeId).length === 2);
  const [canceled, added] = of(handshakeId);
  expect([canceled?.type, added?.type]).toEqual(['dev.orgql.handshake.changed.v1', 'dev.orgql.handshake.added.v1']);
  expect(Number(added?.sequence)).toBeLessThan(Number(canceled?.sequence));
  await expect.poll(async () => (await status()).deadLetters).toBe(0);
  const unknown = await demo.query('mutation { retryNotifications(input: { name: "dsk" }) { deadLetters } }');
  expect(unknown.errors?.[0]?.message).toBe(
    'retryNotifications(input.name:): the principal has no destination "dsk". It has desk.',
  );
});

it('stops at status 410 until a retry is requested', async () => {
  await start({ events: ['handshake'] });
  receiver.reply = () => ({ status: 410 });
  await inviteToTransfer(demo, { name: 'Acme', id: 'acme@example.com' });
  await expect.poll(async () => (await status()).state).toBe('DISABLED');
  await inviteToTransfer(demo, { name: 'Umbrella', id: 'umbrella@example.com' });
  await expect.poll(async () => (await status()).pending).toBe(2);
  expect(receiver.requests).toHaveLength(1);
  receiver.reply = () => ({});
  await demo.query('mutation { retryNotifications(input: { name: "desk" }) { deadLetters } }');
  await receiver.until(() => receiver.delivered.length === 2);
  expect((await status()).state).toBe('ACTIVE');
});

it('waits as long as Retry-After says', async () => {
  await start({ events: ['handshake'] });
  receiver.reply = () => ({ status: 429, headers: { 'retry-after': '1' } });
  await inviteToTransfer(demo, { name: 'Acme', id: 'acme@example.com' });
  await receiver.until(() => receiver.requests.length === 1);
  const limitedAt = performance.now();
  receiver.reply = () => ({});
  await receiver.until(() => receiver.delivered.length === 1);
  expect(performance.now() - limitedAt).toBeGreaterThan(900);
});

it('follows three redirects, and no more', async () => {
  await start({ events: ['handshake'] });
  const jumps = (count: number) => (path: string) => {
    const done = Number(/\d+$/.exec(path)?.[0] ?? 0);
    return done === count ? {} : { status: done % 2 ? 301 : 308, headers: { location: `/hook/${done + 1}` } };
  };
  let follow = jumps(4);
  receiver.reply = ({ path }) => follow(path);
  await inviteToTransfer(demo, { name: 'Acme', id: 'acme@example.com' });
  await expect.poll(async () => (await status()).error).toBe('more than 3 redirects');
  follow = jumps(3);
  await receiver.until(() => receiver.delivered.length === 1);
});

it('reminds once of an invitation that expires, and of a transfer that starts', async () => {
  const dayMs = 86_400_000;
  await start({ expiring: { beforeMs: 2 * dayMs } });
  const { handshakeId, transferId } = await inviteToTransfer(demo, { name: 'Acme' });
  const { data } = await demo.query(`{
    handshake(id: "${handshakeId}") { expirationTimestamp }
    responsibilityTransfer: node(id: "${transferId}") { ... on ResponsibilityTransfer { startTimestamp } }
  }`);
  const expires = Date.parse(data.handshake.expirationTimestamp);
  const setClock = async (ms: number) => {
    const body = JSON.stringify({ now: new Date(ms).toISOString() });
    const headers = { 'content-type': 'application/json' };
    const { status } = await fetch(`${demo.simulator.url}/_orgql/clock`, { method: 'PATCH', headers, body });
    expect(status).toBe(200);
  };
  const reminders = (id: string) => of(id).filter(({ type }) => type.endsWith('.expiring.v1'));
  await setClock(expires - dayMs);
  await receiver.until(() => reminders(handshakeId).length === 1, 'the reminder of the invitation');
  expect(reminders(handshakeId)[0]?.data).toMatchObject({ deadline: 'EXPIRES', at: new Date(expires).toISOString() });
  await acceptAsCustomer(demo, handshakeId);
  await setClock(Date.parse(data.responsibilityTransfer.startTimestamp) - dayMs);
  await receiver.until(() => reminders(transferId).length > 0, 'the reminder of the transfer');
  expect(reminders(transferId)[0]?.data.deadline).toBe('STARTS');
  // Longer than the time between two looks at AWS's time.
  await wait(6_000);
  expect(reminders(handshakeId)).toHaveLength(1);
  expect(reminders(transferId)).toHaveLength(1);
});

it('sends messages to Slack', async () => {
  await start(
    { events: ['handshake'] },
    { format: 'slack', secret: undefined, url: `${new URL(receiver.url).origin}/services/T1` },
  );
  const { handshakeId } = await inviteToTransfer(demo, { name: 'A <b> & c', id: 'acme@example.com' });
  await demo.query(`mutation { cancelHandshake(input: { handshakeId: "${handshakeId}" }) { __typename } }`);
  await receiver.until(() => receiver.requests.length === 2);
  const texts = receiver.requests.map(({ body }) => JSON.parse(body).text as string);
  expect(texts[0]).toContain(`*Handshake added*: TRANSFER_RESPONSIBILITY \`${handshakeId}\`\n• \`REQUESTED\``);
  expect(texts[1]).toContain('• state: `REQUESTED` → `CANCELED`');
  expect(receiver.requests[0]?.headers['webhook-signature']).toBeUndefined();
});
