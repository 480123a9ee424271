import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Demo, startDemo } from '../../support/gateway.ts';
import { send } from '../../support/http.ts';
import { startPlainServer } from '../../support/plain-server.ts';

const INVITE =
  'mutation { inviteAccountToOrganization(input: { target: { type: ACCOUNT, id: "333333333333" } }) { ... on InviteAccountToOrganizationPayload { handshake { id } } } }';
/** Asks of each event something that the list does not hold, and that therefore costs calls. */
const costly = (more = '') =>
  `subscription ($filter: HandshakeFilter) { organizationHandshakeChanges(filter: $filter) { type ${more} handshake { id organization { root { name } } } } }`;

let demo: Demo;
beforeEach(async () => {
  demo = await startDemo({
    config: { watch: { minIntervalMs: 600_000, maxIntervalMs: 600_000 }, upstream: { cacheMs: 0 } },
  });
});
afterEach(() => demo.close());

const subscribe = async (document: string, variables = {}, as = {}) => {
  const events = demo.subscribe(document, variables, as);
  for (;;) {
    const { data } = await events.event();
    if (data.organizationHandshakeChanges.type === 'BOOKMARK') return events;
  }
};

const invite = async (): Promise<string> => (await demo.query(INVITE)).data.inviteAccountToOrganization.handshake.id;

it('equal subscriptions share the reads of an event: all receive it, and one reports the cost', async () => {
  const subscribers = await Promise.all(Array.from({ length: 10 }, () => subscribe(costly())));
  const id = await invite();
  const answers = await Promise.all(subscribers.map((events) => events.event()));
  for (const { data, errors } of answers) {
    expect(errors).toBeUndefined();
    expect(data.organizationHandshakeChanges).toEqual({
      type: 'ADDED',
      handshake: { id, organization: { root: { name: 'Root' } } },
    });
  }
  const costs = answers.map(({ extensions: { upstream } }) => upstream.calls + upstream.cached + upstream.coalesced);
  expect(costs.filter((cost) => cost > 0)).toHaveLength(1);
});

it('subscriptions with other selections or variables share no results', async () => {
  const [plain, more, filtered] = await Promise.all([
    subscribe(costly()),
    subscribe(costly('previousState')),
    subscribe(costly(), { filter: { actionType: 'INVITE' } }),
  ]);
  const id = await invite();
  const [one, two, three] = await Promise.all([plain, more, filtered].map((events) => events?.event()));
  expect(one?.data.organizationHandshakeChanges).not.toHaveProperty('previousState');
  expect(two?.data.organizationHandshakeChanges).toHaveProperty('previousState', null);
  for (const answer of [one, two, three]) expect(answer?.data.organizationHandshakeChanges.handshake.id).toBe(id);
});

it('a subscriber that disconnects while the result is being read does not cancel it for others', async () => {
  // The result is read for the first subscriber.
  const leaving = await subscribe(costly());
  const staying = await Promise.all(Array.from({ length: 4 }, () => subscribe(costly())));
  demo.simulator.control.setLatency(100, 'ListRoots');
  const reads = () => demo.simulator.control.requestCount('ListRoots');
  const before = reads();
  const answers = Promise.all(staying.map((events) => events.event()));
  const id = await invite();
  await expect.poll(reads, { interval: 5 }).toBeGreaterThan(before);
  await leaving.return();
  for (const { data, errors } of await answers) {
    expect(errors).toBeUndefined();
    expect(data.organizationHandshakeChanges.handshake).toEqual({ id, organization: { root: { name: 'Root' } } });
  }
});

it('a variable `after` is ignored only if it is the argument `after` of the subscription', async () => {
  const accounts = 'accounts(first: 1, after: $after) { nodes { id } }';
  const first = await demo.query('{ organization { accounts(first: 1) { pageInfo { endCursor } nodes { id } } } }');
  const {
    pageInfo: { endCursor: after },
    nodes: [account],
  } = first.data.organization.accounts;
  const document = `subscription ($after: String) { organizationHandshakeChanges { type handshake { organization { ${accounts} } } } }`;
  const all = await Promise.all([subscribe(document), subscribe(document, { after })]);
  await invite();
  const [one, two] = await Promise.all(all.map((events) => events.event()));
  const accountsIn = (answer: typeof one) => answer?.data.organizationHandshakeChanges.handshake.organization.accounts;
  expect(accountsIn(one).nodes).toEqual([account]);
  expect(accountsIn(two).nodes).toHaveLength(1);
  expect(accountsIn(two).nodes).not.toEqual([account]);
});

it('ignores variables that the operation does not define, however deep they are', async () => {
  await using server = await startPlainServer();
  const deep = '['.repeat(40_000) + ']'.repeat(40_000);
  const { text } = await send(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: `{"query":"subscription { ticks }","variables":{"deep":${deep}}}`,
  });
  expect([...text.matchAll(/"ticks":(\d)/g)].map(([_, tick]) => tick)).toEqual(['1', '2']);
});
