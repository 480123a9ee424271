import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isInputObjectType } from 'graphql';
import { afterAll, expect, test } from 'vitest';
import { ConfigError } from '../../src/config/config-error.ts';
import { loadConfig } from '../../src/config/load.ts';
import { schemaAt } from '../../src/config/setting-schema.ts';
import { schema } from '../../src/schema/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'orgql-'));
afterAll(() => rmSync(folder, { recursive: true }));

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

const load = (destinations: readonly object[], others: object = {}) => {
  const file = join(folder, 'orgql.json');
  writeFileSync(file, JSON.stringify({ notifications: destinations, ...others }));
  return loadConfig({ file, environment: {} });
};

const destination = (settings: object = {}, webhook: object = {}) => ({
  name: 'desk',
  principal: 'default',
  events: ['handshake', 'account'],
  webhook: { url: 'https://hooks.example.com/aws', secret, ...webhook },
  ...settings,
});

test('a destination has defaults', async () => {
  const { notifications } = await load([destination()]);
  expect(notifications[0]).toMatchObject({
    include: [],
    filter: {},
    maxBytes: 16_777_216,
    retry: { forMs: 259_200_000, minDelayMs: 1_000, maxDelayMs: 600_000 },
    webhook: { format: 'cloudevents', allowHttp: false, allowPrivateAddresses: false, timeoutMs: 10_000 },
  });
});

const at = 'notifications[0]';

test.for([
  [destination({ name: 'Desk' }), `${at}.name: expected lower-case letters, digits and hyphens, at most 63`],
  [
    destination({ principal: 'payer' }),
    `${at}.principal: this principal is not defined; defined are default, got "payer"`,
  ],
  [destination({ events: ['accounts'] }), `${at}.events[0]: expected "handshake", "responsibilityTransfer"`],
  [destination({ events: [] }), `${at}.events: expected a list with at least one item`],
  [destination({ include: ['phone'] }), `${at}.include[0]: expected "email", "notes" or "tags", got "phone"`],
  [
    destination({ expiring: { beforeMs: 1 }, events: ['account'] }),
    `${at}.expiring: has no effect, as only handshakes and transfers expire`,
  ],
  [
    destination({ filter: { policy: { type: 'TAG_POLICY' } } }),
    `${at}.filter.policy: has no effect, as events does not have policy`,
  ],
  [
    destination({ filter: { account: { ids: ['1'] } } }),
    `${at}.filter.account.ids[0]: expected an account id of 12 digits`,
  ],
  [destination({ filter: { handshake: { state: 'OPEN' } } }), `unknown setting ${at}.filter.handshake.state`],
  [
    destination({ filter: { account: { tags: [{ key: 'a' }] } } }),
    `${at}.filter.account.tags: needs the copy of the organization with tags`,
  ],
  [
    destination({}, { url: 'http://hooks.example.com/T0KEN' }),
    `${at}.webhook.url: is not https; use an https URL, or set allowHttp to true`,
  ],
  [
    destination({}, { url: 'https://[::ffff:127.0.0.1]/' }),
    `${at}.webhook.url: is not a public address; set allowPrivateAddresses`,
  ],
  [destination({}, { url: 'https://2130706433/' }), `${at}.webhook.url: is not a public address`],
  [destination({}, { url: 'https://localhost/' }), `${at}.webhook.url: is not a public address`],
  [destination({}, { url: 'https://a:b@hooks.example.com/' }), `${at}.webhook.url: has a user or a password`],
  [destination({}, { url: 'hooks.example.com' }), `${at}.webhook.url: expected an https URL`],
  [destination({}, { secret: 'hunter2' }), `${at}.webhook.secret: expected whsec_ and 24 to 64 bytes as base64`],
  [destination({}, { secret: ['hunter2'] }), `${at}.webhook.secret`],
  [destination({}, { secret: undefined }), `${at}.webhook.secret: is missing; events are signed`],
  [
    destination({ retry: { minDelayMs: 700_000 } }),
    `${at}.retry.minDelayMs: must not be above retry.maxDelayMs, which is 600000`,
  ],
] as const)('%j is rejected with a message that names the setting and the fix: %s', async ([settings, message]) => {
  const error = await load([settings]).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ConfigError);
  const { mistakes } = error as ConfigError;
  expect(mistakes).toHaveLength(1);
  expect(mistakes[0]).toContain(message);
  expect(mistakes[0]).not.toMatch(/hunter2|T0KEN|whsec_[A-Za-z0-9+/]{20}/);
});

test('two destinations have different names', async () => {
  await expect(load([destination(), destination()])).rejects.toThrow(
    'notifications[1].name: is the same as notifications[0].name',
  );
});

test('Slack needs no secret', async () => {
  const settings = destination({}, { secret: undefined, format: 'slack' });
  expect((await load([settings])).notifications[0]?.webhook.format).toBe('slack');
});

test.for([
  ['handshake', 'HandshakeFilter', []],
  ['responsibilityTransfer', 'ResponsibilityTransferFilter', []],
  ['account', 'AccountFilter', []],
  // Subscriptions to units have no tags either.
  ['organizationalUnit', 'OrganizationalUnitFilter', ['tags']],
] as const)('the filter of %s has the conditions of %s in the graph', ([event, name, missing]) => {
  const type = schema.getType(name);
  if (!isInputObjectType(type)) throw new Error(`no ${name}`);
  const known = Object.keys(schemaAt(['notifications', 0, 'filter', event], {})?.properties ?? {});
  expect([...known, ...missing].toSorted()).toEqual(Object.keys(type.getFields()).toSorted());
});
