import { expect, test } from 'vitest';
import { type DemoOptions, type LogLine, startDemo } from '../support/gateway.ts';
import { send } from '../support/http.ts';
import { RawConnection } from '../support/websocket.ts';

/** A demo whose log is kept, and whose mutations are told as soon as they are audited. */
async function startAudited({ config = {}, ...options }: DemoOptions = {}) {
  const lines: LogLine[] = [];
  let told = () => {};
  const demo = await startDemo({
    ...options,
    config: { ...config, log: { level: 'trace', audit: true, ...config.log } },
    onLog(line) {
      lines.push(line);
      told();
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
          told = resolve;
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

test('a mutation leaves one line: who, as whom, what, on what, how it ended, AWS’s request id and how long it took', async () => {
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

test('it is written whatever log.level is, over a WebSocket too; log.audit alone turns it off', async () => {
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

test('queries leave no such line', async () => {
  await using demo = await startAudited();
  await demo.query('{ organization { id accounts(first: 3) { nodes { id } } } }');
  expect(demo.audits()).toEqual([]);
});

test('a mutation that is refused before AWS is asked leaves its line as well', async () => {
  await using demo = await startAudited();
  await demo.query(accept, { id: 'h-no' });
  expect(demo.audits()).toEqual([
    expect.objectContaining({ operation: 'AcceptHandshake', result: 'error', exception: 'InvalidInputException' }),
  ]);
  expect(demo.audits()[0]).not.toHaveProperty('awsRequestId');
});

test('a mutation whose caller does not wait for it leaves its line when it has ended, and says how', async () => {
  await using demo = await startAudited({ config: { upstream: { deadlineMs: 100 } } });
  demo.simulator.control.setLatency(400, 'InviteAccountToOrganization');
  const { errors } = await demo.query(invite, { id: '222222222222' });
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
  expect(demo.audits()).toEqual([]);
  expect(await demo.audited(1)).toEqual([expect.objectContaining({ result: 'ok', awsRequestId: aUuid })]);
});

test('no line, at any level, holds an e-mail address, a name, a note or a policy', async () => {
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

test('a request’s id is the client’s own when it has a well-formed one, and goes back to it', async () => {
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
