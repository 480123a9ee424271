import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { demoSettings } from '../../src/cli/demo-settings.ts';
import { configSchema } from '../../src/config/index.ts';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';
import { type Answer, query, type Subscription, subscribe, subscribeBySse } from '../support/client.ts';
import { post } from '../support/http.ts';
import { startRewritingProxy } from '../support/rewriting-proxy.ts';

// The gateway over an endpoint that is newer than this release: its replies have enum values that no list here knows.

type Json = Readonly<Record<string, unknown>>;

/** The members of AWS's structures that hold enum values. */
const ENUM_MEMBERS: readonly string[] = [
  'Action',
  'FailureReason',
  'FeatureSet',
  'JoinedMethod',
  'PolicyType',
  'State',
  'Status',
  'Type',
];

const isNew = (member: string, value: unknown) => typeof value === 'string' && ENUM_MEMBERS.includes(member);

/** Every enum value of a reply, also at depth. */
const allNew = (reply: unknown): unknown =>
  JSON.parse(JSON.stringify(reply, (member, value) => (isNew(member, value) ? `NEW_${value}` : value)));

/** The members of the object with this id that are replaced, wherever a reply shows it. */
const withMembers =
  (id: string, members: Json) =>
  (reply: unknown): unknown =>
    JSON.parse(JSON.stringify(reply, (_name, value) => (value?.Id === id ? { ...value, ...members } : value)));

let simulator: Simulator;
let gateway: Gateway;
let proxy: Awaited<ReturnType<typeof startRewritingProxy>>;
let rewrite: (reply: unknown) => unknown;
const subscriptions: Subscription[] = [];

beforeEach(async () => {
  rewrite = (reply) => reply;
  simulator = await startSimulator();
  proxy = await startRewritingProxy(simulator.url, (_operation, reply) => rewrite(reply));
  const settings = demoSettings(proxy.url);
  gateway = await createGateway(
    configSchema.parse({
      ...settings,
      port: 0,
      upstream: { ...settings.upstream, budget: 'off', cacheMs: 0 },
      watch: { minIntervalMs: 20, maxIntervalMs: 60 },
      log: { level: 'error', audit: false },
    }),
  );
});
afterEach(async () => {
  await Promise.all(subscriptions.splice(0).map((subscription) => subscription.return()));
  await gateway.close();
  await proxy[Symbol.asyncDispose]();
  await simulator.close();
});

const run = (document: string, variables?: Json, principal = 'partner'): Promise<Answer> =>
  query(gateway.url, { document, variables, as: { principal } });

async function read(document: string, variables?: Json, principal?: string) {
  const { data, errors } = await run(document, variables, principal);
  expect(errors).toBeUndefined();
  return data;
}

const open = (document: string, principal = 'partner', how = subscribe): Subscription => {
  const subscription = how(gateway.url, { document, as: { principal } });
  subscriptions.push(subscription);
  return subscription;
};

/** The first event that is so; fails for one with errors. */
async function next(subscription: Subscription, isIt: (event: Json) => boolean): Promise<Json> {
  for (;;) {
    const { data, errors } = await subscription.event();
    expect(errors).toBeUndefined();
    const [event] = Object.values<Json>(data);
    if (event !== undefined && isIt(event)) return event;
  }
}

const idOf = (object: unknown) => (object as { readonly id: string } | null)?.id;

/** Every value of a field, at every depth of the data. */
function valuesOf(name: string, data: unknown): unknown[] {
  if (typeof data !== 'object' || data === null) return [];
  return Object.entries(data).flatMap(([key, value]) => [...(key === name ? [value] : []), ...valuesOf(name, value)]);
}

describe('a query over values that are newer than this release', () => {
  it.each([
    [
      'accounts and delegated administrators',
      `{ organization {
        featureSet featureSetRaw
        accounts { nodes { id name state stateRaw joinedMethod joinedMethodRaw } }
        delegatedAdministrators { nodes { id state stateRaw joinedMethod joinedMethodRaw } }
      } }`,
      ['featureSet', 'state', 'joinedMethod'],
    ],
    [
      'handshakes with their parties and resources',
      `{
        organization { handshakes { nodes { ...H } } } viewer { handshakes { nodes { ...H } } }
      } fragment H on Handshake {
        id state stateRaw action actionRaw parties { id type typeRaw }
        resources { value type typeRaw resources { value type typeRaw } }
      }`,
      ['state', 'action', 'type'],
    ],
    [
      'transfers',
      `{ organization {
        inboundResponsibilityTransfers { nodes { id name type typeRaw status statusRaw } }
        outboundResponsibilityTransfers { nodes { id type typeRaw status statusRaw } }
      } }`,
      ['type', 'status'],
    ],
    ['account creations', '{ organization { createAccountStatuses { nodes { id state stateRaw } } } }', ['state']],
    [
      'policies, their targets, policy types and children',
      `{ organization {
        policies(type: SERVICE_CONTROL_POLICY) { nodes { id type typeRaw targets { nodes { targetId type typeRaw } } } }
        root { policyTypes { type typeRaw status statusRaw } children(type: ACCOUNT) { nodes { id type typeRaw } } }
      } }`,
      ['type', 'status'],
    ],
    [
      'an effective policy',
      `{ account(id: "111111111111") { effectivePolicy(type: TAG_POLICY) {
        policyContent policyType policyTypeRaw
      } } }`,
      ['policyType'],
    ],
  ])('returns UNKNOWN and the raw string, and all other values as before: %s', async (_what, document, names) => {
    const before = await read(document);
    rewrite = allNew;
    const after = await read(document);
    for (const name of names) {
      const known = valuesOf(`${name}Raw`, before).filter((value) => value !== null);
      expect(valuesOf(name, before).filter((value) => value !== null)).toEqual(known);
      expect(known.length).toBeGreaterThan(0);
      expect(valuesOf(name, after).filter((value) => value !== null)).toEqual(known.map(() => 'UNKNOWN'));
      expect(valuesOf(`${name}Raw`, after).filter((value) => value !== null)).toEqual(
        known.map((value) => `NEW_${value}`),
      );
    }
    const others = (data: unknown) =>
      JSON.stringify(data, (key, value) =>
        names.includes(key.replace(/Raw$/, '')) && typeof value === 'string' ? '' : value,
      );
    expect(others(after)).toBe(others(before));
  });

  const FIRST = `{ organization { handshakes(filter: { actionType: TRANSFER_RESPONSIBILITY }, first: 1) { nodes {
    id parties { id type typeRaw } sender { id } recipient { id type } resources { value type typeRaw } notes
  } } } }`;
  const first = async () => (await read(FIRST)).organization.handshakes.nodes[0];

  it('keeps all parties and resources if one is of an unknown type, and finds sender and recipient', async () => {
    const before = await first();
    const novel = { Id: 'x-1', Type: 'PARTNER', Value: 'y', Resources: [] };
    rewrite = (reply) => {
      const { Handshakes, ...rest } = reply as { Handshakes?: readonly Record<string, readonly unknown[]>[] };
      if (Handshakes === undefined) return reply;
      const changed = Handshakes.map(({ Parties = [], Resources = [], ...other }) => ({
        ...other,
        Parties: [novel, ...Parties],
        Resources: [novel, ...Resources],
      }));
      return { ...rest, Handshakes: changed };
    };
    const unknown = { type: 'UNKNOWN', typeRaw: 'PARTNER' };
    expect(await first()).toEqual({
      ...before,
      parties: [{ id: 'x-1', ...unknown }, ...before.parties],
      resources: [{ value: 'y', ...unknown }, ...before.resources],
    });
  });

  it('takes the party of an unknown type for the recipient if there is no account', async () => {
    const { recipient } = await first();
    rewrite = withMembers(recipient.id, { Type: 'PARTNER' });
    expect((await first()).recipient).toEqual({ id: recipient.id, type: 'UNKNOWN' });
  });

  it('has null for the raw string if AWS sends none', async () => {
    rewrite = (reply) => JSON.parse(JSON.stringify(reply, (name, value) => (name === 'State' ? undefined : value)));
    const { accounts } = (await read('{ organization { accounts(first: 1) { nodes { state stateRaw } } } }'))
      .organization;
    expect(accounts.nodes).toEqual([{ state: null, stateRaw: null }]);
  });

  it('returns the feature set of another organization from the handshake', async () => {
    rewrite = (reply) =>
      JSON.parse(
        JSON.stringify(reply, (_name, value) =>
          value?.Type === 'ORGANIZATION_FEATURE_SET' ? { ...value, Value: 'MOST' } : value,
        ),
      );
    const DOCUMENT = `{ viewer { handshakes(filter: { actionType: INVITE }) {
      nodes { organization { featureSet featureSetRaw } }
    } } }`;
    const { nodes } = (await read(DOCUMENT, {}, 'standalone')).viewer.handshakes;
    expect(nodes.length).toBeGreaterThan(0);
    for (const { organization } of nodes)
      expect(organization).toEqual({ featureSet: 'UNKNOWN', featureSetRaw: 'MOST' });
  });
});

const INVITE = /* GraphQL */ `
  mutation ($id: ID!) {
    inviteAccountToOrganization(input: { target: { type: EMAIL, id: $id } }) {
      ... on InviteAccountToOrganizationPayload { handshake { id state stateRaw action actionRaw } }
      ... on Error { code message }
      ... on HandshakeConstraintViolationException { reason reasonRaw }
      ... on ConstraintViolationException { reason2: reason reasonRaw2: reasonRaw }
    }
  }
`;

describe('a mutation', () => {
  it('returns the object that it changed, with values that are newer than this release', async () => {
    rewrite = allNew;
    expect(await read(INVITE, { id: 'new@example.com' })).toEqual({
      inviteAccountToOrganization: {
        handshake: {
          id: expect.stringMatching(/^h-/),
          state: 'UNKNOWN',
          stateRaw: expect.stringMatching(/^NEW_/),
          action: 'UNKNOWN',
          actionRaw: 'NEW_INVITE',
        },
      },
    });
  });

  it('returns an exception with a reason that is newer than this release', async () => {
    const error = 'HandshakeConstraintViolationException';
    simulator.control.failNext('InviteAccountToOrganization', { kind: 'error', error, reason: 'MOON_IS_FULL' });
    expect((await read(INVITE, { id: 'new@example.com' })).inviteAccountToOrganization).toMatchObject({
      code: error,
      reason: 'UNKNOWN',
      reasonRaw: 'MOON_IS_FULL',
    });
  });

  it('returns an exception with a known reason, or none, as AWS spells it', async () => {
    for (const [reason, expected] of [
      ['ACCOUNT_NUMBER_LIMIT_EXCEEDED', { reason2: 'ACCOUNT_NUMBER_LIMIT_EXCEEDED' }],
      [undefined, { reason2: null }],
    ] as const) {
      const error = 'ConstraintViolationException';
      const failure = { kind: 'error', error, ...(reason && { reason }) } as const;
      simulator.control.failNext('InviteAccountToOrganization', failure);
      expect((await read(INVITE, { id: 'new@example.com' })).inviteAccountToOrganization).toMatchObject({
        ...expected,
        reasonRaw2: expected.reason2,
      });
    }
  });
});

describe('UNKNOWN as input', () => {
  it.each([
    ['an argument', '{ organization { policies(type: UNKNOWN) { nodes { id } } } }', undefined],
    ['a member of a filter', '{ viewer { handshakes(filter: { actionType: UNKNOWN }) { nodes { id } } } }', undefined],
    [
      'one of a list',
      '{ organization { createAccountStatuses(states: [FAILED, UNKNOWN]) { nodes { id } } } }',
      undefined,
    ],
    [
      'the default of a variable',
      'query ($type: PolicyType! = UNKNOWN) { organization { policies(type: $type) { nodes { id } } } }',
      undefined,
    ],
    [
      'a variable',
      'query ($type: PolicyType!) { organization { policies(type: $type) { nodes { id } } } }',
      { type: 'UNKNOWN' },
    ],
    [
      'a list in a variable',
      'query ($in: [CreateAccountState!]) { organization { createAccountStatuses(states: $in) { nodes { id } } } }',
      { in: ['FAILED', 'UNKNOWN'] },
    ],
    [
      'a filter in a variable',
      'query ($filter: HandshakeFilter) { viewer { handshakes(filter: $filter) { nodes { id } } } }',
      { filter: { actionType: 'UNKNOWN' } },
    ],
    [
      'a mutation',
      'mutation ($input: CreatePolicyInput!) { createPolicy(input: $input) { __typename } }',
      { input: { content: '{}', description: '', name: 'x', type: 'UNKNOWN' } },
    ],
    [
      'a deferred query',
      '{ viewer { caller ... @defer { handshakes(filter: { actionType: UNKNOWN }) { nodes { id } } } } }',
      undefined,
    ],
  ])(
    'is rejected with BAD_USER_INPUT and the accepted values, before any call: %s',
    async (_how, document, variables) => {
      const before = simulator.control.requestCount();
      const { status, body } = await post(
        gateway.url,
        { query: document, variables },
        { accept: 'application/graphql-response+json' },
      );
      // A document that is not valid is a client error of HTTP; wrong variables are errors in the answer.
      expect(status).toBe(variables === undefined ? 400 : 200);
      expect(body.data).toBeUndefined();
      expect(body.errors).toHaveLength(1);
      expect(body.errors[0]).toMatchObject({
        message: expect.stringMatching(
          /UNKNOWN stands for values that are newer than this release.* Use one of [A-Z_, 0-9]+\./,
        ),
        locations: [{ line: 1, column: expect.any(Number) }],
        extensions: { code: 'BAD_USER_INPUT' },
      });
      expect(simulator.control.requestCount()).toBe(before);
    },
  );

  it('ends a subscription with BAD_USER_INPUT', async () => {
    const subscription = open('subscription { accountHandshakeChanges(filter: { actionType: UNKNOWN }) { type } }');
    await expect(subscription.event()).rejects.toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});

const HANDSHAKE = 'type previousState previousStateRaw handshake { id state stateRaw }';
const TRANSFER = 'type previousStatus previousStatusRaw responsibilityTransfer { id status statusRaw }';
const CREATION =
  'type previousState previousStateRaw createAccountStatus { id state stateRaw failureReason failureReasonRaw }';

interface Case {
  /** Makes an object, where the world has none that can change. */
  readonly make?: () => Promise<unknown>;
  readonly lists: string;
  readonly pick: (data: Answer['data']) => string;
  readonly changes: string;
  readonly single?: string;
  readonly object: string;
  readonly fields: string;
  readonly principal: string;
  readonly member: 'State' | 'Status';
  readonly final: string;
}

const handshakes = { object: 'handshake', fields: HANDSHAKE, member: 'State', final: 'CANCELED' } as const;
const transfers = { object: 'responsibilityTransfer', fields: TRANSFER, member: 'Status', final: 'WITHDRAWN' } as const;

type Nodes = readonly { readonly id: string; readonly state: string }[];
const firstIn = (nodes: Nodes, ...states: readonly string[]) =>
  nodes.find(({ state }) => states.includes(state))?.id ?? '';
const openOne = (nodes: Nodes) => firstIn(nodes, 'REQUESTED', 'OPEN');

async function inviteCustomer(): Promise<void> {
  const now = new Date(simulator.clock.now());
  const startTimestamp = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 2, 1));
  const INVITE_CUSTOMER = `mutation ($startTimestamp: DateTime!) {
    inviteOrganizationToTransferResponsibility(input: {
      type: BILLING, target: { type: ACCOUNT, id: "444444444444" }
      sourceName: "customer", startTimestamp: $startTimestamp
    }) { __typename }
  }`;
  const { inviteOrganizationToTransferResponsibility: result } = await read(INVITE_CUSTOMER, { startTimestamp });
  expect(result).toEqual({ __typename: 'InviteOrganizationToTransferResponsibilityPayload' });
}

const cases: Readonly<Record<string, Case>> = {
  organizationHandshakeChanges: {
    ...handshakes,
    lists: '{ organization { handshakes(first: 1000) { nodes { id state } } } }',
    pick: (data) => openOne(data.organization.handshakes.nodes),
    changes: 'organizationHandshakeChanges',
    single: 'handshakeChanges',
    principal: 'partner',
  },
  accountHandshakeChanges: {
    ...handshakes,
    lists: '{ viewer { handshakes(first: 1000) { nodes { id state } } } }',
    pick: (data) => openOne(data.viewer.handshakes.nodes),
    changes: 'accountHandshakeChanges',
    single: 'handshakeChanges',
    principal: 'standalone',
  },
  inboundResponsibilityTransferChanges: {
    ...transfers,
    lists: '{ organization { transfers: inboundResponsibilityTransfers(first: 1000) { nodes { id state: status } } } }',
    pick: (data) => firstIn(data.organization.transfers.nodes, 'ACCEPTED'),
    changes: 'inboundResponsibilityTransferChanges',
    single: 'responsibilityTransferChanges',
    principal: 'partner',
  },
  outboundResponsibilityTransferChanges: {
    ...transfers,
    lists:
      '{ organization { transfers: outboundResponsibilityTransfers(first: 1000) { nodes { id state: status } } } }',
    pick: (data) => firstIn(data.organization.transfers.nodes, 'ACCEPTED', 'REQUESTED'),
    changes: 'outboundResponsibilityTransferChanges',
    single: 'responsibilityTransferChanges',
    principal: 'customer',
    make: inviteCustomer,
  },
};

describe('a subscription', () => {
  it.each(Object.entries(cases))(
    '%s emits an event when an object enters an unknown state, and when it leaves it',
    async (_name, it) => {
      await it.make?.();
      const id = it.pick(await read(it.lists, {}, it.principal));
      expect(id).not.toBe('');
      const raw = it.member === 'State' ? 'stateRaw' : 'statusRaw';
      const state = it.member === 'State' ? 'state' : 'status';
      const [previous, previousRaw] =
        it.member === 'State' ? ['previousState', 'previousStateRaw'] : ['previousStatus', 'previousStatusRaw'];
      const all = open(`subscription { ${it.changes} { ${it.fields} } }`, it.principal);
      const one = open(`subscription { ${it.single}(id: "${id}") { ${it.fields} } }`, it.principal);
      const bySse = open(`subscription { ${it.changes} { ${it.fields} } }`, it.principal, subscribeBySse);
      for (const each of [all, one, bySse]) await next(each, ({ type }) => type === 'BOOKMARK');

      rewrite = withMembers(id, { [it.member]: 'IN_REVIEW' });
      for (const each of [all, one, bySse]) {
        expect(await next(each, ({ type }) => type === 'CHANGED')).toMatchObject({
          [previousRaw]: expect.stringMatching(/^[A-Z]+$/),
          [it.object]: { id, [state]: 'UNKNOWN', [raw]: 'IN_REVIEW' },
        });
      }
      // It has not completed: from one unknown state to another, and then to its end.
      rewrite = withMembers(id, { [it.member]: 'IN_COURT' });
      for (const each of [all, one, bySse]) {
        expect(await next(each, ({ type }) => type === 'CHANGED')).toMatchObject({
          [previous]: 'UNKNOWN',
          [previousRaw]: 'IN_REVIEW',
          [it.object]: { id, [state]: 'UNKNOWN', [raw]: 'IN_COURT' },
        });
      }
      rewrite = withMembers(id, { [it.member]: it.final });
      for (const each of [all, one, bySse]) {
        expect(await next(each, ({ type }) => type === 'CHANGED')).toMatchObject({
          [previous]: 'UNKNOWN',
          [previousRaw]: 'IN_COURT',
          [it.object]: { id, [state]: it.final, [raw]: it.final },
        });
      }
      await expect(one.next()).resolves.toMatchObject({ done: true });
    },
  );

  it('to an account creation emits events in unknown states, and completes after its final state only', async () => {
    const CREATE = `mutation { createAccount(input: { email: "n@example.com", accountName: "n" }) {
      ... on CreateAccountPayload { createAccountStatus { id } }
    } }`;
    const { id } = (await read(CREATE)).createAccount.createAccountStatus;
    const creation = open(`subscription { createAccountStatusChanges(id: "${id}") { ${CREATION} } }`);
    await next(creation, ({ type }) => type === 'BOOKMARK');
    rewrite = withMembers(id, { State: 'IN_REVIEW' });
    expect(await next(creation, ({ type }) => type === 'CHANGED')).toMatchObject({
      previousState: 'IN_PROGRESS',
      previousStateRaw: 'IN_PROGRESS',
      createAccountStatus: { id, state: 'UNKNOWN', stateRaw: 'IN_REVIEW' },
    });
    rewrite = withMembers(id, { State: 'FAILED', FailureReason: 'MOON_IS_FULL' });
    expect(await next(creation, ({ type }) => type === 'CHANGED')).toMatchObject({
      previousState: 'UNKNOWN',
      previousStateRaw: 'IN_REVIEW',
      createAccountStatus: { id, state: 'FAILED', failureReason: 'UNKNOWN', failureReasonRaw: 'MOON_IS_FULL' },
    });
    await expect(creation.next()).resolves.toMatchObject({ done: true });
  });

  it('begins with the objects in unknown states, in a list and alone', async () => {
    const id = openOne((await read(cases['organizationHandshakeChanges']?.lists ?? '')).organization.handshakes.nodes);
    rewrite = withMembers(id, { State: 'IN_REVIEW' });
    const expected = { type: 'SNAPSHOT', handshake: { id, state: 'UNKNOWN', stateRaw: 'IN_REVIEW' } };
    const all = open(`subscription { organizationHandshakeChanges { ${HANDSHAKE} } }`);
    expect(await next(all, ({ handshake }) => idOf(handshake) === id)).toMatchObject(expected);
    const one = open(`subscription { handshakeChanges(id: "${id}") { ${HANDSHAKE} } }`);
    expect(await next(one, () => true)).toMatchObject(expected);
    expect(await next(one, () => true)).toMatchObject({ type: 'BOOKMARK' });
    rewrite = (reply) => reply;
    expect(await next(one, () => true)).toMatchObject({ type: 'CHANGED', previousStateRaw: 'IN_REVIEW' });
  });

  it('emits an event if an object leaves a final state for an unknown one', async () => {
    const { nodes } = (await read(cases['organizationHandshakeChanges']?.lists ?? '')).organization.handshakes;
    const id = nodes.find(({ state }: { state: string }) => state === 'ACCEPTED').id;
    const all = open(`subscription { organizationHandshakeChanges { ${HANDSHAKE} } }`);
    await next(all, ({ type }) => type === 'BOOKMARK');
    rewrite = withMembers(id, { State: 'REVOKED' });
    expect(await next(all, ({ type }) => type === 'CHANGED')).toEqual({
      type: 'CHANGED',
      previousState: 'ACCEPTED',
      previousStateRaw: 'ACCEPTED',
      handshake: { id, state: 'UNKNOWN', stateRaw: 'REVOKED' },
    });
  });
});
