import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { type Scope, scopes } from '../../src/config/auth.ts';
import { schema } from '../../src/schema/index.ts';
import { requiredScope } from '../../src/schema/scopes.ts';
import { apiKey } from '../support/api-key.ts';
import { type Demo, startDemo } from '../support/gateway.ts';

const rootFields = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap((type) =>
  Object.values(type?.getFields() ?? {}).map((field) => ({ type: type?.name, field })),
);

test.for(rootFields.map(({ type, field }) => [`${type}.${field.name}`, field] as const))(
  '%s has a rule',
  ([_, field]) => {
    const scope = requiredScope(field.extensions);
    expect(scope === null || scopes.includes(scope ?? ('none' as Scope))).toBe(true);
  },
);

test('queries and subscriptions need the scope read, or gateway:read; only the viewer needs none', () => {
  const others = rootFields.filter(
    ({ type, field }) => type !== 'Mutation' && requiredScope(field.extensions) !== 'read',
  );
  expect(others.map(({ field }) => [field.name, requiredScope(field.extensions)])).toEqual([
    ['gatewayStatus', 'gateway:read'],
    ['viewer', null],
    ['gatewayStatusChanges', 'gateway:read'],
  ]);
});

test('a mutation needs organization:write, except those of handshakes, transfers and the gateway', () => {
  const names = (scope: Scope) =>
    rootFields
      .filter(({ type, field }) => type === 'Mutation' && requiredScope(field.extensions) === scope)
      .map(({ field }) => field.name)
      .toSorted();
  expect(names('handshakes:respond')).toEqual(['acceptHandshake', 'declineHandshake']);
  expect(names('handshakes:send')).toEqual([
    'cancelHandshake',
    'inviteAccountToOrganization',
    'inviteOrganizationToTransferResponsibility',
  ]);
  expect(names('transfers:manage')).toEqual(['terminateResponsibilityTransfer', 'updateResponsibilityTransfer']);
  expect(names('organization:write')).toContain('leaveOrganization');
  expect(names('gateway:manage')).toEqual(['refreshInventory', 'retryNotifications']);
  expect(names('read')).toEqual([]);
});

describe('a caller', () => {
  const keys = {
    reader: apiKey({ name: 'reader', principals: ['partner'], scopes: ['read'] }),
    responder: apiKey({ name: 'responder', principals: ['standalone'], scopes: ['handshakes:respond'] }),
    sender: apiKey({ name: 'sender', principals: ['partner'], scopes: ['handshakes:send'] }),
    unscoped: apiKey({ name: 'unscoped', principals: ['partner'], scopes: [] }),
  };
  let demo: Demo;
  beforeAll(async () => {
    const auth = { type: 'apiKeys' as const, keys: Object.values(keys).map(({ settings }) => settings) };
    demo = await startDemo({ config: { auth } });
  });
  afterAll(() => demo.close());

  const ask = (caller: keyof typeof keys, document: string, variables: Record<string, unknown> = {}) =>
    demo.query(document, variables, { headers: { authorization: keys[caller].authorization } });
  const refused = async (caller: keyof typeof keys, document: string, missingScopes: readonly Scope[]) => {
    demo.simulator.control.resetRequests();
    const { data, errors } = await ask(caller, document);
    expect(data ?? null).toBeNull();
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', missingScopes });
    for (const scope of missingScopes) expect(errors?.[0]?.message).toContain(scope);
    expect(demo.simulator.control.requestCount()).toBe(0);
  };
  const invite = /* GraphQL */ `
    mutation {
      inviteAccountToOrganization(input: { target: { type: ACCOUNT, id: "222222222222" } }) {
        ... on InviteAccountToOrganizationPayload { handshake { id state parties { id type } } }
      }
    }
  `;
  const decline = /* GraphQL */ `
    mutation ($id: ID!) {
      declineHandshake(input: { handshakeId: $id }) {
        ... on DeclineHandshakePayload { handshake { id state action } }
      }
    }
  `;

  it.for([
    ['reader', '{ leaveOrganization { __typename } }', ['organization:write']],
    ['reader', '{ a: acceptHandshake(input: { handshakeId: "h-1" }) { __typename } }', ['handshakes:respond']],
    ['responder', '{ cancelHandshake(input: { handshakeId: "h-1" }) { __typename } }', ['handshakes:send']],
    [
      'sender',
      '{ terminateResponsibilityTransfer(input: { id: "rt-12345678" }) { __typename } }',
      ['transfers:manage'],
    ],
    [
      'responder',
      '{ acceptHandshake(input: { handshakeId: "h-1" }) { __typename } ...more } fragment more on Mutation { leaveOrganization { __typename } }',
      ['organization:write'],
    ],
  ] as const)('%s may not run mutation %s', ([caller, document, missing]) =>
    refused(caller, `mutation ${document}`, missing),
  );

  it.for([
    '{ organization { id } }',
    '{ node(id: "111111111111") { id } }',
    '{ viewer { handshakes { nodes { id } } } }',
    '{ ...on Query { x: account(id: "111111111111") { id } } }',
  ])('without the scope read cannot run %s', (document) => refused('sender', document, ['read']));

  it('without the scope read cannot select fields of a mutation’s result that need a read', () =>
    refused(
      'responder',
      'mutation { acceptHandshake(input: { handshakeId: "h-1" }) { ... on AcceptHandshakePayload { handshake { organization { accounts { nodes { email } } } } } } }',
      ['read'],
    ));

  it('with only a write scope sees AWS’s reply: the handshake’s new state', async () => {
    const invited = await ask('sender', invite);
    expect(invited.errors).toBeUndefined();
    const { id, state } = invited.data.inviteAccountToOrganization.handshake;
    expect(state).toBe('OPEN');
    const declined = await ask('responder', decline, { id });
    expect(declined.errors).toBeUndefined();
    expect(declined.data.declineHandshake.handshake).toEqual({ id, state: 'DECLINED', action: 'INVITE' });
  });

  it('with the scope read can read', async () => {
    expect((await ask('reader', '{ organization { id } }')).data.organization.id).toBe('o-exampleorgid');
  });

  it('without scopes can query its viewer and the schema', async () => {
    const { data } = await ask(
      'unscoped',
      '{ viewer { caller principal { name } principals { name } } __schema { queryType { name } } }',
    );
    expect(data.viewer).toEqual({
      caller: 'unscoped',
      principal: { name: 'partner' },
      principals: [{ name: 'partner' }],
    });
  });

  it('is rejected over HTTP with status 403, and over SSE and WebSocket with the same error', async () => {
    const { authorization } = keys.sender;
    const response = await fetch(demo.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', authorization },
      body: JSON.stringify({ query: '{ organization { id } }' }),
    });
    expect(response.status).toBe(403);
    const watch = 'subscription { organizationHandshakeChanges { type } }';
    const as = { headers: { authorization }, connectionParams: { authorization } };
    expect(await demo.subscribeBySse(watch, {}, as).event()).toMatchObject({
      errors: [{ extensions: { code: 'FORBIDDEN' } }],
    });
    await expect(demo.subscribe(watch, {}, as).event()).rejects.toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect(demo.gateway.activePollers).toBe(0);
  });
});
