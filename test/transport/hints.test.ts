import { afterEach, expect, it } from 'vitest';
import { demoSettings } from '../../src/cli/demo-settings.ts';
import { type ConfigInput, configSchema } from '../../src/config/index.ts';
import { loadConfig } from '../../src/config/load.ts';
import { createGateway } from '../../src/gateway.ts';
import { query } from '../support/client.ts';
import { type Demo, startDemo } from '../support/gateway.ts';

const KEY = 'a key that is hard to guess';
/** So long that no poll but the first and those that a hint triggers run within a test. */
const seldom: ConfigInput['watch'] = { minIntervalMs: 600_000, maxIntervalMs: 600_000 };
const WATCH = 'subscription { organizationHandshakeChanges { type handshake { id state } } }';

let demo: Demo;
afterEach(() => demo.close());

const start = async (hints: ConfigInput['hints'] = { eventbridge: { apiKey: KEY } }) => {
  demo = await startDemo({ config: { watch: seldom, hints } });
};

/** An event as EventBridge sends it of a call that CloudTrail has logged. */
const event = (eventName: string, account: string, more: object = {}) => ({
  version: '0',
  id: '53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa',
  'detail-type': 'AWS API Call via CloudTrail',
  source: 'aws.organizations',
  account,
  time: '2026-11-20T12:00:00Z',
  region: 'us-east-1',
  resources: [],
  detail: {
    eventVersion: '1.09',
    userIdentity: { type: 'AssumedRole', accountId: account },
    eventSource: 'organizations.amazonaws.com',
    eventName,
    awsRegion: 'us-east-1',
    requestParameters: null,
    responseElements: null,
    recipientAccountId: account,
    ...more,
  },
});

const post = (body: unknown, headers: Record<string, string> = { 'x-api-key': KEY }, method = 'POST') =>
  fetch(new URL('/hints/eventbridge', demo.url), {
    method,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

const watch = async () => {
  const events = demo.subscribe(WATCH);
  let open = '';
  for (
    let event = await events.event();
    event.data.organizationHandshakeChanges.type !== 'BOOKMARK';
    event = await events.event()
  ) {
    const { id, state } = event.data.organizationHandshakeChanges.handshake;
    if (state === 'OPEN') open = id;
  }
  return { events, open };
};

/** A change that does not go through this gateway. */
const cancelElsewhere = async (id: string) => {
  const config = configSchema.parse({ ...demoSettings(demo.simulator.url), port: 0, log: { level: 'error' } });
  await using other = await createGateway(config);
  const document = `mutation { cancelHandshake(input: { handshakeId: "${id}" }) { ... on CancelHandshakePayload { handshake { state } } } }`;
  const { data } = await query(other.url, { document });
  expect(data.cancelHandshake.handshake.state).toBe('CANCELED');
};

const polls = () => demo.simulator.control.requestCount('ListHandshakesForOrganization');

it('a hint triggers a poll of its list; the event has the data of AWS’s reply', async () => {
  await start();
  const { events, open } = await watch();
  await cancelElsewhere(open);
  const response = await post(event('CancelHandshake', '111111111111', { requestParameters: { handshakeId: open } }));
  expect(response.status).toBe(202);
  const { data } = await events.event();
  expect(data.organizationHandshakeChanges).toEqual({ type: 'CHANGED', handshake: { id: open, state: 'CANCELED' } });
});

it('a hint from another account reaches subscribers of the object that it names', async () => {
  await start();
  const { events, open } = await watch();
  await cancelElsewhere(open);
  await post(event('DeclineHandshake', '222222222222', { responseElements: { handshake: { id: open } } }));
  const { data } = await events.event();
  expect(data.organizationHandshakeChanges).toMatchObject({ type: 'CHANGED', handshake: { id: open } });
});

it('a false hint emits no event, and a hint about an unwatched list makes no call', async () => {
  await start();
  const { events, open } = await watch();
  const before = polls();
  expect((await post(event('UpdatePolicy', '111111111111'))).status).toBe(202);
  expect((await post(event('CreateAccount', '111111111111'))).status).toBe(202);
  expect((await post({ ...event('CancelHandshake', '111111111111'), source: 'aws.iam' })).status).toBe(202);
  expect((await post(event('constructor', '999999999999'))).status).toBe(202);
  expect(polls()).toBe(before);
  await post(event('CancelHandshake', '111111111111', { requestParameters: { handshakeId: open } }));
  await expect.poll(polls).toBeGreaterThan(before);
  // The next event is that of the next change.
  const { data } = await demo.query(
    'mutation { inviteAccountToOrganization(input: { target: { type: ACCOUNT, id: "333333333333" } }) { ... on InviteAccountToOrganizationPayload { handshake { id } } } }',
  );
  const { id } = data.inviteAccountToOrganization.handshake;
  expect((await events.event()).data.organizationHandshakeChanges).toEqual({
    type: 'ADDED',
    handshake: { id, state: 'OPEN' },
  });
});

it('rejects a hint without the key, with a wrong key, too large, not an event or not by POST, and does not poll', async () => {
  await start();
  await watch();
  const before = polls();
  const hint = event('CancelHandshake', '111111111111');
  expect((await post(hint, {})).status).toBe(401);
  expect((await post(hint, { 'x-api-key': '' })).status).toBe(401);
  expect((await post(hint, { 'x-api-key': `${KEY}x` })).status).toBe(401);
  expect((await post({ ...hint, padding: 'x'.repeat(300_000) })).status).toBe(413);
  expect((await post('{"source":')).status).toBe(400);
  expect((await post({ source: 'aws.organizations' })).status).toBe(400);
  const get = await fetch(new URL('/hints/eventbridge', demo.url), { headers: { 'x-api-key': KEY } });
  expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST']);
  expect(polls()).toBe(before);
});

it('delays wrong keys after 10 from one address, and accepts the right key', async () => {
  await start();
  const hint = event('CancelHandshake', '111111111111');
  for (let n = 0; n < 10; n += 1) expect((await post(hint, { 'x-api-key': 'wrong' })).status).toBe(401);
  const { status, headers } = await post(hint, { 'x-api-key': 'wrong' });
  expect([status, headers.get('retry-after')]).toEqual([429, '1']);
  expect((await post(hint)).status).toBe(202);
});

it('accepts hints only if a key of at least 16 characters is configured', async () => {
  await start({});
  expect((await post(event('CancelHandshake', '111111111111'))).status).toBe(404);
  const path = ['hints', 'eventbridge', 'apiKey'];
  const options = [{ path, value: 'short', source: 'a test' }];
  await expect(loadConfig({ environment: {}, options })).rejects.toThrow(
    /^a test: hints.eventbridge.apiKey: .*16 characters/,
  );
});

// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_cloudtrail-integration.html
it.each(['AccountJoinedOrganization', 'AccountDepartedOrganization'])(
  'the service event %s, which names the account in its details, triggers a poll',
  async (name) => {
    await start();
    const { events, open } = await watch();
    await cancelElsewhere(open);
    const details = { serviceEventDetails: { accountId: '222222222222' }, userIdentity: undefined };
    const sent = { ...event(name, '111111111111', details), 'detail-type': 'AWS Service Event via CloudTrail' };
    expect((await post(sent)).status).toBe(202);
    expect((await events.event()).data.organizationHandshakeChanges).toMatchObject({
      type: 'CHANGED',
      handshake: { id: open },
    });
  },
);

it('an event of a failed call triggers no poll; an event without eventName is read by its detail-type', async () => {
  await start();
  const { open } = await watch();
  const before = polls();
  const failed = { errorCode: 'HandshakeNotFoundException', requestParameters: { handshakeId: open } };
  expect((await post(event('CancelHandshake', '111111111111', failed))).status).toBe(202);
  const tagged = { service: 'organizations', 'resource-type': 'account', 'changed-tag-keys': ['a'], tags: { a: 'b' } };
  const change = {
    source: 'aws.tag',
    'detail-type': 'Tag Change on Resource',
    account: '111111111111',
    detail: tagged,
  };
  expect((await post(change)).status).toBe(202);
  expect(polls()).toBe(before);
});
