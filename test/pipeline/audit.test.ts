import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { ConfigInput } from '../../src/config/index.ts';
import { apiKey } from '../support/api-key.ts';
import { type DemoOptions, type LogLine, startDemo } from '../support/gateway.ts';
import { send } from '../support/http.ts';
import { queryInParts } from '../support/incremental.ts';
import { type Params, transports } from '../support/transports.ts';
import { RawConnection } from '../support/websocket.ts';

/** A demo that collects its log and resolves as soon as a mutation is audited. */
async function startAudited({ config = {}, ...options }: DemoOptions = {}) {
  const lines: LogLine[] = [];
  let notify = () => {};
  const demo = await startDemo({
    ...options,
    config: { ...config, log: { level: 'trace', audit: true, ...config.log } },
    onLog(line) {
      lines.push(line);
      notify();
    },
  });
  const audits = () => lines.filter(({ audit }) => audit === true);
  return {
    ...demo,
    lines,
    audits,
    /** Waits until so many mutations are audited. */
    async audited(count: number): Promise<readonly LogLine[]> {
      while (audits().length < count) {
        await new Promise<void>((resolve) => {
          notify = resolve;
        });
      }
      return audits();
    },
  };
}

const invite = `mutation ($id: ID!, $type: HandshakePartyType = ACCOUNT, $notes: String) {
  inviteAccountToOrganization(input: { target: { type: $type, id: $id }, notes: $notes }) {
    ... on InviteAccountToOrganizationPayload { handshake { id } }
    ... on Error { code }
  }
}`;
const accept = 'mutation ($id: ID!) { acceptHandshake(input: { handshakeId: $id }) { ... on Error { code } } }';
const aUuid = expect.stringMatching(/^[0-9a-f-]{36}$/);

test.each([
  ['the header Cache-Control', { 'cache-control': 'no-cache' }, undefined],
  ['an accepted age', {}, { orgql: { maxAge: 60 } }],
  ['a kept list only', {}, { orgql: { onlyIfCached: true, maxAge: 60 } }],
])('a mutation with %s is logged like any other', async (_, headers, extensions) => {
  await using demo = await startAudited();
  await fetch(demo.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: invite, variables: { id: '222222222222' }, extensions }),
  });
  expect(demo.audits()).toMatchObject([
    { operation: 'InviteAccountToOrganization', result: 'ok', awsRequestId: aUuid },
  ]);
});

test('a mutation is logged with caller, principal, fields, objects, result, AWS’s request id and duration', async () => {
  await using demo = await startAudited();
  const { data } = await demo.query(invite, { id: '222222222222' });
  const { id } = data.inviteAccountToOrganization.handshake;
  const line = {
    level: 30,
    audit: true,
    caller: 'anonymous',
    principal: 'partner',
    operation: 'InviteAccountToOrganization',
    targets: ['222222222222', id],
    result: 'ok',
    requestId: aUuid,
    awsRequestId: aUuid,
    durationMs: expect.any(Number),
    msg: 'mutation',
  };
  expect(demo.audits()).toEqual([expect.objectContaining(line)]);
  await demo.query(accept, { id }, { principal: 'standalone' });
  await demo.query(accept, { id }, { principal: 'standalone' });
  expect(demo.audits().slice(1)).toMatchObject([
    { principal: 'standalone', operation: 'AcceptHandshake', targets: [id], result: 'ok' },
    { targets: [id], result: 'error', exception: 'HandshakeAlreadyInStateException', awsRequestId: aUuid },
  ]);
});

test('the audit line is independent of log.level and transport; only log.audit turns it off', async () => {
  for (const audit of [true, false]) {
    await using demo = await startAudited({ config: { log: { level: 'silent', audit } } });
    using connection = await RawConnection.open(demo.url, { principal: 'customer' });
    connection.subscribe(
      '1',
      'mutation { enableAwsServiceAccess(input: { servicePrincipal: "ram.amazonaws.com" }) { __typename } }',
    );
    expect((await connection.next()).type).toBe('next');
    const line = {
      principal: 'customer',
      operation: 'EnableAWSServiceAccess',
      targets: ['ram.amazonaws.com'],
      result: 'ok',
    };
    expect(demo.lines).toEqual(audit ? [expect.objectContaining(line)] : []);
  }
});

test.for(['S3_POLICY', 'SERVICE_CONTROL_POLICY'])('a policy type is among the targets: %s', async (type) => {
  await using demo = await startAudited();
  const root = (await demo.query('{ organization { root { id } } }')).data.organization.root.id;
  await demo.query(
    `mutation ($root: ID!) { enablePolicyType(input: { rootId: $root, policyType: ${type} }) { __typename } }`,
    { root },
  );
  expect(demo.audits()).toMatchObject([{ operation: 'EnablePolicyType', targets: [type, root] }]);
});

test('queries are not audited', async () => {
  await using demo = await startAudited();
  await demo.query('{ organization { id accounts(first: 3) { nodes { id } } } }');
  expect(demo.audits()).toEqual([]);
});

test('a mutation that is rejected before any call is audited', async () => {
  await using demo = await startAudited();
  await demo.query(accept, { id: 'h-no' });
  expect(demo.audits()).toEqual([
    expect.objectContaining({ operation: 'AcceptHandshake', result: 'error', exception: 'InvalidInputException' }),
  ]);
  expect(demo.audits()[0]).not.toHaveProperty('awsRequestId');
});

test.for([
  [
    'alone',
    'mutation ($id: ID = "h-0123456789") { who: acceptHandshake(input: { handshakeId: $id }) { __typename } }',
    [],
  ],
  [
    'behind another',
    `mutation ($id: ID = "h-0123456789") {
      declineHandshake(input: { handshakeId: "h-0123456789" }) { ... on Error { code } }
      who: acceptHandshake(input: { handshakeId: $id }) { __typename }
    }`,
    [{ operation: 'DeclineHandshake', result: 'error', exception: 'HandshakeNotFoundException' }],
  ],
] as const)(
  'a mutation that fails before any call, %s, is audited without the client’s values',
  async ([, document, before]) => {
    await using demo = await startAudited();
    const { errors } = await demo.query(document, { id: null });
    expect(errors).toMatchObject([{ path: ['who'] }]);
    expect(demo.audits()).toEqual([
      ...before.map((line) => expect.objectContaining(line)),
      {
        ...{ level: 30, time: expect.any(Number), pid: expect.any(Number), hostname: expect.any(String), audit: true },
        ...{ requestId: aUuid, caller: 'anonymous', principal: 'partner', mutations: ['acceptHandshake'] },
        ...{ result: 'error', exception: 'BAD_USER_INPUT', durationMs: expect.any(Number), msg: 'mutation' },
      },
    ]);
  },
);

test('an incremental mutation is audited', async () => {
  await using demo = await startAudited();
  const document = `mutation ($id: ID = "h-0123456789") {
    acceptHandshake(input: { handshakeId: $id }) { __typename }
    enableAwsServiceAccess(input: { servicePrincipal: "ram.amazonaws.com" }) {
      ... on EnableAWSServiceAccessPayload @defer { __typename }
    }
  }`;
  for await (const _ of queryInParts(demo.url, { document, variables: { id: null } }));
  expect(demo.audits()).toMatchObject([
    { operation: 'EnableAWSServiceAccess', result: 'ok' },
    { mutations: ['acceptHandshake'], result: 'error' },
  ]);
});

test('a mutation whose client disconnects is audited when it ends, with its result', async () => {
  await using demo = await startAudited({ config: { upstream: { deadlineMs: 100 } } });
  demo.simulator.control.setLatency(400, 'InviteAccountToOrganization');
  const { errors } = await demo.query(invite, { id: '222222222222' });
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
  expect(demo.audits()).toEqual([]);
  expect(await demo.audited(1)).toEqual([expect.objectContaining({ result: 'ok', awsRequestId: aUuid })]);
});

test('no line at any level contains an e-mail address, a name, a note or a policy', async () => {
  await using demo = await startAudited();
  const marker = 'Zanzibar';
  const document = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Sid: marker, Effect: 'Deny', Action: 's3:*', Resource: '*' }],
  });
  const { data } = await demo.query(invite, {
    id: `${marker}@example.com`,
    type: 'EMAIL',
    notes: `for ${marker} 222222222222`,
  });
  expect(data.inviteAccountToOrganization.handshake.id).toMatch(/^h-/);
  const made = await demo.query(
    `mutation ($content: String!) {
      createPolicy(input: { name: "${marker}", description: "${marker}", type: SERVICE_CONTROL_POLICY, content: $content }) {
        ... on CreatePolicyPayload { policy { id content } }
      }
      createAccount(input: { email: "${marker}2@example.com", accountName: "${marker}" }) {
        ... on CreateAccountPayload { createAccountStatus { id accountName } }
      }
    }`,
    { content: document },
  );
  const { createPolicy, createAccount } = made.data;
  await demo.query(`{ organization { masterAccountEmail } policy(id: "${createPolicy.policy.id}") { name content } }`);
  await demo.query(`{ policy(id: "${marker}@example.com") { name } }`);
  expect(demo.audits().map(({ targets }) => targets)).toEqual([
    [data.inviteAccountToOrganization.handshake.id],
    [createPolicy.policy.id],
    [createAccount.createAccountStatus.id],
  ]);
  expect(demo.lines.length).toBeGreaterThan(6);
  const text = JSON.stringify(demo.lines);
  expect(text).not.toContain(marker);
  expect(text).not.toContain('@example.com');
  expect(text).not.toContain('s3:');
});

test('a well-formed request id of the client is used and returned', async () => {
  await using demo = await startAudited();
  const id = '7f3a:client/1';
  await demo.query(accept, { id: 'h-0123456789' }, { headers: { 'x-request-id': id } });
  expect(demo.audits()).toMatchObject([{ requestId: id }]);
  const path = `${demo.url}?query={__typename}`;
  expect((await send(path, { headers: { 'x-request-id': id } })).headers['x-request-id']).toBe(id);
  expect((await send(path, { headers: { 'x-request-id': 'not "well" formed' } })).headers['x-request-id']).toEqual(
    aUuid,
  );
});

const folder = mkdtempSync(join(tmpdir(), 'orgql-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'documents.json');
writeFileSync(file, JSON.stringify({ abc: accept }));

const reader = apiKey({ principals: ['partner'], scopes: ['read'] });
const writer = apiKey({ principals: ['partner'], scopes: ['read', 'handshakes:respond'] });
const known = (key: typeof reader): ConfigInput => ({ auth: { type: 'apiKeys', keys: [key.settings] } });
const marker = 'h-zanzibar';
const accepting = { query: accept, variables: { id: marker } };

interface Refusal {
  readonly what: string;
  readonly config: ConfigInput;
  readonly key: typeof reader;
  readonly params: Params;
  /** How many are sent; all but the last are let pass. */
  readonly times?: number;
  readonly code: string;
  readonly principal?: string | undefined;
}

const refusals: readonly Refusal[] = [
  { what: 'a scope that is missing', config: known(reader), key: reader, params: accepting, code: 'FORBIDDEN' },
  {
    what: 'the limit of its cost',
    config: { ...known(writer), graph: { maxCalls: 1 } },
    key: writer,
    params: {
      query: `mutation ($id: ID!) { acceptHandshake(input: { handshakeId: $id }) { ...payload } }
        fragment payload on AcceptHandshakePayload { handshake { organization { accounts { nodes { tags { nodes { key } } } } } } }`,
      variables: { id: marker },
    },
    code: 'COST_LIMIT_EXCEEDED',
  },
  {
    what: 'variables that are wrong',
    config: known(writer),
    key: writer,
    params: { query: accept, variables: { id: { [marker]: marker } } },
    code: 'BAD_USER_INPUT',
  },
  {
    what: 'a document that is wrong',
    config: known(writer),
    key: writer,
    params: { query: `mutation { acceptHandshake(input: { handshakeId: "${marker}" }) { nothing } zanzibar }` },
    code: 'GRAPHQL_VALIDATION_FAILED',
  },
  {
    what: 'a document that is too large',
    config: { ...known(writer), limits: { fields: 2 } },
    key: writer,
    params: { query: accept.replace('code', 'a: code b: code'), variables: { id: marker } },
    code: 'FIELD_LIMIT_EXCEEDED',
  },
  {
    what: 'a principal that the caller may not use',
    config: known(writer),
    key: writer,
    params: { ...accepting, extensions: { principal: 'zanzibar' } },
    code: 'UNKNOWN_PRINCIPAL',
    principal: undefined,
  },
  {
    what: 'the caller’s rate',
    config: { ...known(writer), limits: { operations: { perSecond: 0.01, burst: 1 } } },
    key: writer,
    params: accepting,
    times: 2,
    code: 'RATE_LIMIT_EXCEEDED',
    principal: undefined,
  },
  {
    what: 'trusted documents',
    config: { ...known(writer), trustedDocuments: { file, only: true } },
    key: writer,
    params: { query: accept.replace('code', 'message'), variables: { id: marker } },
    code: 'TRUSTED_DOCUMENTS_ONLY',
  },
  {
    what: 'a scope that is missing, of a document that is named by its id',
    config: { ...known(reader), trustedDocuments: { file, only: true } },
    key: reader,
    params: { query: '', documentId: 'abc', variables: { id: marker } },
    code: 'FORBIDDEN',
  },
];

const carriers = ['HTTP', 'WebSocket'] as const;
test.for(refusals.flatMap((refusal) => carriers.map((carrier) => ({ ...refusal, carrier }))))(
  'a mutation that is refused for $what, over $carrier, is audited with caller, fields and reason, without variables',
  async ({ carrier, config, key, params, times = 1, code, ...more }) => {
    await using demo = await startAudited({ config });
    const headers = { authorization: key.authorization, 'x-request-id': 'client-1' };
    for (let time = 1; time <= times; time += 1) {
      const reply = await transports[carrier](demo.url, params, headers);
      if (time === times) expect(reply.code).toBe(code);
    }
    const refused = demo.audits().filter(({ result }) => result === 'refused');
    expect(refused).toEqual([
      {
        level: 30,
        time: expect.any(Number),
        pid: expect.any(Number),
        hostname: expect.any(String),
        audit: true,
        requestId: 'client-1',
        caller: key.settings.name,
        ...('principal' in more ? {} : { principal: 'partner' }),
        mutations: ['acceptHandshake'],
        result: 'refused',
        exception: code,
        durationMs: expect.any(Number),
        msg: 'mutation',
      },
    ]);
    expect(demo.audits()).toHaveLength(times);
    expect(JSON.stringify(refused)).not.toContain('zanzibar');
  },
);

test('a mutation beyond limits.operationsPerConnection is audited as refused', async () => {
  await using demo = await startAudited({ config: { ...known(writer), limits: { operationsPerConnection: 1 } } });
  using connection = await RawConnection.open(demo.url, { authorization: writer.authorization });
  connection.subscribe('1', 'subscription { organizationHandshakeChanges { type } }');
  expect((await connection.next()).type).toBe('next');
  connection.subscribe('2', `mutation { acceptHandshake(input: { handshakeId: "${marker}" }) { __typename } }`);
  expect((await demo.audited(1))[0]).toMatchObject({
    ...{ caller: writer.settings.name, mutations: ['acceptHandshake'] },
    ...{ result: 'refused', exception: 'CONNECTION_LIMIT_EXCEEDED' },
  });
  // The subscription still receives its snapshot.
  for (let message = await connection.next(); message.id !== '2'; ) message = await connection.next();
});

test('a mutation by GET is audited as refused', async () => {
  await using demo = await startAudited();
  const { code } = await transports['HTTP GET'](
    demo.url,
    { query: 'mutation { leaveOrganization { __typename } }' },
    {},
  );
  expect(code).toBe('BAD_REQUEST');
  expect(demo.audits()).toMatchObject([{ result: 'refused', mutations: ['leaveOrganization'], exception: code }]);
});

test.for([
  ['an unknown caller', accept, {}],
  ['a document that cannot be read', `${accept} {`, { authorization: writer.authorization }],
  ['a query that mentions one', '{ viewer { mutation } }', { authorization: writer.authorization }],
  [
    'one of several operations that is not the mutation',
    `${accept.replace('mutation', 'mutation m')} query q { nothing }`,
    { authorization: writer.authorization },
  ],
] as const)('%s leaves no line', async ([_, query, headers]) => {
  await using demo = await startAudited({ config: known(writer) });
  const reply = await transports.HTTP(demo.url, { query, variables: { id: marker } }, headers);
  expect(reply.code).toBeDefined();
  expect(demo.audits()).toEqual([]);
});

test('the estimate of a mutation is not audited', async () => {
  await using demo = await startAudited({ config: { graph: { maxCalls: 1 } } });
  await demo.query(accept, { id: marker }, { headers: { 'x-orgql-estimate': 'only' } });
  expect(demo.audits()).toEqual([]);
});
