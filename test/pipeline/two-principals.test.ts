import { afterAll, beforeAll, expect, it } from 'vitest';
import { apiKey } from '../support/api-key.ts';
import type { Answer } from '../support/client.ts';
import { type Demo, startDemo } from '../support/gateway.ts';

/** Two callers, each with a principal of its own, ask for the same at the same time, again and again: neither ever sees anything of the other's. */
const callers = {
  partner: apiKey({ name: 'alice', principals: ['partner'] }),
  customer: apiKey({ name: 'bob', principals: ['customer'] }),
};
type Name = keyof typeof callers;
const names = ['partner', 'customer'] as const;
const other = (name: Name): Name => (name === 'partner' ? 'customer' : 'partner');

let demo: Demo;
/** What only one side may see: e-mail addresses, ARNs and the names of its accounts. */
const secrets: Record<Name, readonly string[]> = { partner: [], customer: [] };
const ids: Record<Name, readonly string[]> = { partner: [], customer: [] };
const cursors: Record<Name, string> = { partner: '', customer: '' };

const as = (name: Name) => ({
  headers: { authorization: callers[name].authorization },
  connectionParams: { authorization: callers[name].authorization },
});
const ask = (name: Name, document: string, variables?: Record<string, unknown>) =>
  demo.query(document, variables, as(name));

beforeAll(async () => {
  demo = await startDemo({
    config: {
      auth: { type: 'apiKeys', keys: names.map((name) => callers[name].settings) },
      // Everything is kept for long, so that what could be mixed up would be.
      upstream: { cacheMs: 60_000 },
      limits: { operations: { perSecond: 10_000, burst: 10_000 } },
    },
  });
  for (const name of names) {
    const { data } = await ask(
      name,
      '{ organization { id arn accounts(first: 100) { nodes { id arn email name } pageInfo { endCursor } } } }',
    );
    const { accounts, ...organization } = data.organization;
    ids[name] = [organization.id, ...accounts.nodes.map(({ id }: { id: string }) => id)];
    secrets[name] = [
      organization.arn,
      ...accounts.nodes.flatMap(({ arn, email, name: called }: Record<string, string>) => [arn, email, called]),
    ];
    cursors[name] = accounts.pageInfo.endCursor;
  }
  const common = new Set(secrets.partner.filter((text) => secrets.customer.includes(text)));
  for (const name of names) secrets[name] = secrets[name].filter((text) => !common.has(text));
});
afterAll(() => demo.close());

function showsNothingOf(name: Name, answer: unknown): void {
  const text = JSON.stringify(answer);
  expect(secrets[name].filter((secret) => text.includes(secret))).toEqual([]);
}

it('each principal has data that the other must not see', () => {
  for (const name of names) expect(secrets[name].length).toBeGreaterThan(5);
});

it('queries share no loaders, caches or calls in flight', async () => {
  const documents: readonly [string, (name: Name) => Record<string, unknown>][] = [
    [
      '{ organization { id arn managementAccount { email name } root { accounts(first: 50) { nodes { name email } } } } }',
      () => ({}),
    ],
    [
      '{ viewer { caller principal { name accountId } principals { name } handshakes { nodes { id arn parties { id } } } } }',
      () => ({}),
    ],
    [
      '{ organization { accounts(first: 30) { nodes { id name email parent { name } tags { nodes { key value } } } } } }',
      () => ({}),
    ],
    [
      'query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Account { arn email name } } }',
      (name) => ({ ids: ids[other(name)].slice(1, 6) }),
    ],
    [
      'query ($id: ID!) { account(id: $id) { arn email name parent { id } } }',
      (name) => ({ id: ids[other(name)].at(-1) }),
    ],
    ['query ($id: ID!) { account(id: $id) { arn email name } }', (name) => ({ id: ids[name].at(-1) })],
    [
      '{ organization { handshakes { nodes { id parties { id } } } policies(type: SERVICE_CONTROL_POLICY) { nodes { name } } } }',
      () => ({}),
    ],
  ];
  for (let round = 0; round < 25; round += 1) {
    await Promise.all(
      names.flatMap((name) =>
        documents.map(async ([document, variables]) => {
          const answer = await ask(name, document, variables(name));
          showsNothingOf(other(name), answer);
          if (document.includes('viewer')) {
            expect(answer.data.viewer).toMatchObject({
              caller: callers[name].settings.name,
              principal: { name },
              principals: [{ name }],
            });
          }
        }),
      ),
    );
  }
});

it('a cursor of the other principal is rejected without details', async () => {
  for (const name of names) {
    const document =
      'query ($after: String) { organization { accounts(first: 5, after: $after) { nodes { id email } } } }';
    const answer = await ask(name, document, { after: cursors[other(name)] });
    expect(answer.errors?.[0]?.extensions?.['code']).toBe('INVALID_CURSOR');
    showsNothingOf(other(name), answer);
  }
});

it('the other caller’s principal cannot be selected by header, connection or operation, and is not named', async () => {
  for (const name of names) {
    const answer = await demo.query('{ viewer { caller } }', {}, { ...as(name), principal: other(name) });
    expect(answer.errors?.[0]?.extensions).toEqual({ code: 'UNKNOWN_PRINCIPAL', principals: [name] });
    const overSocket = demo.subscribe(
      'subscription { organizationHandshakeChanges { type } }',
      {},
      { ...as(name), principal: other(name) },
    );
    await expect(overSocket.event()).rejects.toMatchObject([
      { extensions: { code: 'UNKNOWN_PRINCIPAL', principals: [name] } },
    ]);
  }
});

it('subscriptions share no pollers, event logs or cursors', async () => {
  const document = /* GraphQL */ `
    subscription ($after: String) {
      organizationHandshakeChanges(after: $after) { type cursor handshake { id arn parties { id } sender { id } } }
    }
  `;
  const seen: Record<Name, Answer[]> = { partner: [], customer: [] };
  const last: Record<Name, string> = { partner: '', customer: '' };
  await Promise.all(
    names.flatMap((name) =>
      [demo.subscribe, demo.subscribeBySse].map(async (subscribe) => {
        const events = subscribe(document, {}, as(name));
        for (let type = ''; type !== 'BOOKMARK'; ) {
          const event = await events.event();
          seen[name].push(event);
          ({ type, cursor: last[name] } = event.data.organizationHandshakeChanges);
        }
        await events.return();
      }),
    ),
  );
  for (const name of names) {
    const senders = seen[name].flatMap(({ data }) => data.organizationHandshakeChanges.handshake?.arn ?? []);
    expect(senders.filter((arn: string) => !arn.includes(ids[name][0] ?? '?'))).toEqual([]);
    showsNothingOf(other(name), seen[name]);
    await expect(demo.subscribe(document, { after: last[other(name)] }, as(name)).event()).rejects.toMatchObject([
      { extensions: { code: expect.stringMatching(/CURSOR/) } },
    ]);
  }
  await expect.poll(() => demo.gateway.activePollers).toBe(0);
});

it('a write does not affect the other principal’s cache', async () => {
  const invite = /* GraphQL */ `
    mutation {
      inviteAccountToOrganization(input: { target: { type: ACCOUNT, id: "222222222222" }, notes: "for their eyes only" }) {
        ... on InviteAccountToOrganizationPayload { handshake { id notes } }
      }
    }
  `;
  const { handshake } = (await ask('partner', invite)).data.inviteAccountToOrganization;
  expect(handshake.notes).toBe('for their eyes only');
  const { data } = await ask('customer', 'query ($id: ID!) { handshake(id: $id) { notes } node(id: $id) { id } }', {
    id: handshake.id,
  });
  expect(data).toEqual({ handshake: null, node: null });
});
