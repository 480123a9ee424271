import { CreateOrganizationCommand, EnablePolicyTypeCommand, ListRootsCommand } from '@aws-sdk/client-organizations';
import { expect, it, test } from 'vitest';
import { mayChangeWorld } from '../../../src/simulator/control/control-endpoint.ts';
import { createClock } from '../../../src/simulator/index.ts';
import {
  deny,
  MEMBER,
  ORGANIZATION,
  OTHER,
  OUTSIDER,
  PAYER,
  RCP,
  ROOT,
  startOrganization,
  UNIT,
  variable,
} from './organization.ts';

async function authorize(url: string, body: unknown) {
  const response = await fetch(`${url}/_orgql/authorize`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

it('decides any action of any service, with the reason and the policy', async () => {
  const { simulator, attach } = await startOrganization();
  const policy = await attach(
    deny('s3:Put*', { Condition: { StringNotLike: { 'aws:PrincipalArn': '*:role/Admin' } } }),
  );
  const ask = async (body: object) => (await authorize(simulator.url, { account: MEMBER, ...body })).body;
  const resource = 'arn:aws:s3:::data/x';
  const statements = [{ policy: 'p-FullAWSAccess', sid: null, index: 0, effect: 'Allow', matches: 'YES' }];
  const level = { type: 'SERVICE_CONTROL_POLICY', decision: 'ALLOWED', statements };
  expect(await ask({ action: 's3:PutObject', resource })).toEqual({
    decision: 'DENIED',
    reason: `User: arn:aws:sts::${MEMBER}:assumed-role/OrganizationAccountAccessRole/orgql is not authorized to perform: s3:PutObject on resource: ${resource} with an explicit deny in a service control policy: arn:aws:organizations::${PAYER}:policy/${ORGANIZATION}/service_control_policy/${policy}`,
    because: {
      reason: 'EXPLICIT_DENY',
      level: ROOT,
      policy,
      policyName: expect.stringMatching(/^Policy /),
      sid: 'Guardrail',
    },
    bindings: { serviceControlPolicies: 'BOUND', resourceControlPolicies: 'BOUND' },
    levels: [
      {
        ...level,
        level: ROOT,
        decision: 'DENIED',
        statements: [...statements, { policy, sid: 'Guardrail', index: 0, effect: 'Deny', matches: 'YES' }],
      },
      { ...level, level: UNIT },
      { ...level, level: MEMBER },
      ...[ROOT, UNIT, MEMBER].map((id) => ({
        level: id,
        type: RCP,
        decision: 'ALLOWED',
        statements: [{ ...statements[0], policy: 'p-RCPFullAWSAccess' }],
      })),
    ],
  });
  expect(await ask({ action: 's3:GetObject' })).toMatchObject({
    decision: 'ALLOWED',
    reason: 'The control policies that restrict the request do not deny it.',
  });
  const context = { 'AWS:principalarn': `arn:aws:iam::${MEMBER}:role/Admin` };
  expect(await ask({ action: 's3:PutObject', context })).toMatchObject({ decision: 'ALLOWED' });
  expect(await ask({ account: PAYER, action: 's3:PutObject' })).toMatchObject({
    decision: 'ALLOWED',
    reason:
      'No control policy restricts the request (service control policies: MANAGEMENT_ACCOUNT, resource control policies: MANAGEMENT_ACCOUNT).',
  });
});

it('names the condition keys that it needs, and takes them from the request', async () => {
  const { simulator, attach } = await startOrganization({
    clock: createClock({ start: Date.UTC(2026, 0, 1), rate: 0 }),
  });
  await attach(deny('ec2:*', { Condition: { StringNotEquals: { 'aws:RequestedRegion': 'eu-west-1' } } }));
  await attach(deny('iam:*', { Condition: { DateLessThan: { 'aws:CurrentTime': '2026-02-01T00:00:00Z' } } }));
  await attach(deny('sqs:*', { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'blue' } } }));
  const ask = async (body: object) => (await authorize(simulator.url, { account: MEMBER, ...body })).body;
  expect(await ask({ action: 'ec2:RunInstances' })).toMatchObject({
    decision: 'DEPENDS',
    reason: 'The decision depends on aws:RequestedRegion: add values to context.',
    missingContextKeys: ['aws:RequestedRegion'],
  });
  for (const [region, decision] of [
    ['us-east-1', 'DENIED'],
    ['eu-west-1', 'ALLOWED'],
  ]) {
    const context = { 'aws:RequestedRegion': region };
    expect(await ask({ action: 'ec2:RunInstances', context })).toMatchObject({ decision });
  }
  expect(await ask({ action: 'iam:CreateUser' })).toMatchObject({ decision: 'DENIED' });
  simulator.clock.set(Date.UTC(2026, 2, 1));
  expect(await ask({ action: 'iam:CreateUser' })).toMatchObject({ decision: 'ALLOWED' });
  // A 12-digit access key has no session tags; of another role they are not known.
  expect(await ask({ action: 'sqs:SendMessage' })).toMatchObject({ decision: 'ALLOWED' });
  expect(await ask({ action: 'sqs:SendMessage', principal: { kind: 'ROLE' } })).toMatchObject({
    missingContextKeys: ['aws:PrincipalTag/team'],
  });
});

it('decides for an access key of STS, with its role and its tags', async () => {
  const { simulator, attach, assume } = await startOrganization();
  await attach(deny('s3:*', { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'blue' } } }));
  const Tags = [{ Key: 'team', Value: 'blue' }];
  const { accessKeyId } = await assume(PAYER, `arn:aws:iam::${MEMBER}:role/team/Admin`, { Tags });
  const ask = async (key: string) =>
    (await authorize(simulator.url, { account: OTHER, action: 's3:GetObject', accessKeyId: key })).body;
  expect(await ask(accessKeyId)).toMatchObject({
    decision: 'DENIED',
    reason: expect.stringContaining(`User: arn:aws:sts::${MEMBER}:assumed-role/Admin/session is not authorized`),
  });
  expect(await ask(MEMBER)).toMatchObject({ decision: 'ALLOWED' });
  expect((await ask('AKIAUNKNOWN')).error).toMatch(/^accessKeyId: expected an account id of 12 digits or a key that/);
  simulator.clock.advance(2 * 3600 * 1000);
  expect((await ask(accessKeyId)).error).toBe(`accessKeyId: the session of ${accessKeyId} is expired.`);
});

it('applies the SCPs of the principal’s organization and the RCPs of the resource’s', async () => {
  const { simulator, as, attach } = await startOrganization();
  await as(OUTSIDER).send(new CreateOrganizationCommand({}));
  const { Roots } = await as(OUTSIDER).send(new ListRootsCommand({}));
  await as(OUTSIDER).send(
    new EnablePolicyTypeCommand({ RootId: Roots?.[0]?.Id, PolicyType: 'SERVICE_CONTROL_POLICY' }),
  );
  await attach(
    deny('s3:*', {
      Principal: '*',
      Condition: { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': variable('aws:ResourceOrgID') } },
    }),
    ROOT,
    RCP,
  );
  const ask = async (body: object) => (await authorize(simulator.url, { action: 's3:GetObject', ...body })).body;
  const outsider = { account: MEMBER, principal: { account: OUTSIDER } };
  expect(await ask(outsider)).toMatchObject({
    decision: 'DENIED',
    reason: expect.stringMatching(/with an explicit deny in a resource control policy$/),
    bindings: { serviceControlPolicies: 'MANAGEMENT_ACCOUNT', resourceControlPolicies: 'BOUND' },
  });
  expect(await ask({ account: MEMBER, principal: { account: OTHER } })).toMatchObject({ decision: 'ALLOWED' });
  expect(await ask({ account: OUTSIDER, principal: { account: MEMBER } })).toMatchObject({
    decision: 'ALLOWED',
    bindings: { serviceControlPolicies: 'BOUND', resourceControlPolicies: 'TYPE_NOT_ENABLED' },
  });
  // Absent keys: an AWS service and an anonymous caller have no organization.
  for (const kind of ['SERVICE', 'ANONYMOUS']) {
    expect(await ask({ account: MEMBER, principal: { kind } })).toMatchObject({ decision: 'DENIED' });
  }
  expect(await ask({ account: MEMBER, principal: { kind: 'SERVICE_LINKED_ROLE' } })).toMatchObject({
    decision: 'ALLOWED',
  });
});

test.each([
  [{ action: 's3:GetObject' }, /account/],
  [{ account: '12', action: 's3:GetObject' }, /account: expected the 12 digits of an account id/],
  [{ account: MEMBER }, /action/],
  [{ account: MEMBER, action: 's3' }, /^action: expected service:Name, such as s3:GetObject, found the text "s3"/],
  [{ account: MEMBER, action: 's3:*' }, /^action: expected service:Name/],
  [{ account: MEMBER, action: 's3:GetObject', resource: '' }, /^resource: expected text of 1 to 2048 characters/],
  [
    { account: MEMBER, action: 's3:GetObject', context: { a: 1 } },
    /^context\.a: expected text, a list of texts or null$/,
  ],
  [{ account: MEMBER, action: 's3:GetObject', context: { a: 'x', A: 'y' } }, /^context\["A"\]: expected each key once/],
  [{ account: MEMBER, action: 's3:GetObject', context: { a: 'x'.repeat(2_049) } }, /^context\["a"\]: expected text of/],
  [{ account: MEMBER, action: 's3:GetObject', principal: { kind: 'GROUP' } }, /principal\.kind/],
  [{ account: MEMBER, action: 's3:GetObject', acount: '1' }, /acount/],
  [
    { account: MEMBER, action: 's3:GetObject', principal: {}, accessKeyId: MEMBER },
    /accessKeyId: expected principal or accessKeyId, found both/,
  ],
  ['s3:GetObject', /^expected an object, got a string$/],
] as const)('rejects a request with a message that names what is wrong (%#)', async (body, message) => {
  const { simulator } = await startOrganization();
  const reply = await authorize(simulator.url, body);
  expect(reply.status).toBe(400);
  expect(reply.body.error).toMatch(message);
});

it('changes nothing, not even the state file', async () => {
  const { simulator } = await startOrganization();
  const before = simulator.world.accounts.size;
  await authorize(simulator.url, { account: '123412341234', action: 's3:GetObject' });
  expect(simulator.world.accounts.size).toBe(before);
  const request = { headers: {}, body: Buffer.alloc(0) };
  expect(mayChangeWorld({ ...request, method: 'POST', url: '/_orgql/authorize?x' })).toBe(false);
  expect(mayChangeWorld({ ...request, method: 'POST', url: '/_orgql/failures' })).toBe(true);
  expect(mayChangeWorld({ ...request, method: 'GET', url: '/_orgql/world' })).toBe(false);
});
