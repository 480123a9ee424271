import { request } from 'node:http';
import {
  CreateOrganizationCommand,
  DescribeOrganizationCommand,
  ListRootsCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { expect, onTestFinished, test } from 'vitest';
import { createClock } from '../../src/simulator/index.ts';
import { attempt, authorization, send } from './raw-call.ts';
import { simulate } from './support.ts';

const type = (text: string) => JSON.parse(text).__type;

test("checks in AWS's order: JSON, target, signature, types, constraints, caller, action", async () => {
  const { simulator } = await simulate();
  const steps: readonly [string, Parameters<typeof send>[1]][] = [
    ['SerializationException', { body: '{', operation: 'Nope', headers: { authorization: '' } }],
    ['UnknownOperationException', { operation: 'Nope', headers: { authorization: '' } }],
    [
      'MissingAuthenticationTokenException',
      { operation: 'DescribeAccount', headers: { authorization: '' }, body: '{"AccountId":1}' },
    ],
    ['SerializationException', { operation: 'DescribeAccount', body: '{"AccountId":1}' }],
    ['InvalidInputException', { operation: 'DescribeAccount', body: '{"AccountId":"1"}' }],
    ['AWSOrganizationsNotInUseException', { operation: 'DescribeAccount', body: '{"AccountId":"222222222222"}' }],
  ];
  for (const [expected, request] of steps) expect(type((await send(simulator.url, request)).text)).toBe(expected);
  await attempt(simulator.url, '111111111111', 'CreateOrganization', {});
  const last = await send(simulator.url, { operation: 'DescribeAccount', body: '{"AccountId":"222222222222"}' });
  expect(type(last.text)).toBe('AccountNotFoundException');
});

test("returns an exception's type in the body and in a header, its reason, and a request id", async () => {
  const { simulator } = await simulate();
  const { status, headers, text } = await send(simulator.url, { operation: 'ListAccounts', body: '{"MaxResults":21}' });
  expect(status).toBe(400);
  expect(headers.get('x-amzn-errortype')).toBe('InvalidInputException');
  expect(headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
  expect(headers.get('content-type')).toBe('application/x-amz-json-1.1');
  expect(JSON.parse(text)).toEqual({
    __type: 'InvalidInputException',
    Message: 'MaxResults is 21: expected 20 or less',
    Reason: 'MAX_VALUE_EXCEEDED',
  });
});

test.each([
  ['', 'MissingAuthenticationTokenException'],
  ['Basic YTpi', 'IncompleteSignatureException'],
  ['AWS4-HMAC-SHA256 Credential=111111111111', 'IncompleteSignatureException'],
  ['AWS4-HMAC-SHA256 Credential=1/20260101/us-east-1/organizations/aws4_request', 'IncompleteSignatureException'],
  [authorization('111111111111', 'us-east-1', 's3'), 'InvalidSignatureException'],
])('the Authorization header %j is a %s', async (header, expected) => {
  const { simulator } = await simulate();
  expect(type((await send(simulator.url, { headers: { authorization: header } })).text)).toBe(expected);
});

const signed = (date = '20260101', headers = 'host;x-amz-date') =>
  `AWS4-HMAC-SHA256 Credential=111111111111/${date}/us-east-1/organizations/aws4_request, SignedHeaders=${headers}, Signature=00`;

test.each<[string, Record<string, string>, string]>([
  ['without a date', { authorization: signed(), 'x-amz-date': '' }, 'IncompleteSignatureException'],
  ['with a date that is none', { authorization: signed(), 'x-amz-date': '2026-01-01' }, 'IncompleteSignatureException'],
  ['of another day than its credential', { authorization: signed('20260102') }, 'InvalidSignatureException'],
  ['whose date is not signed', { authorization: signed('20260101', 'host') }, 'InvalidSignatureException'],
  ['whose host is not signed', { authorization: signed('20260101', 'x-amz-date') }, 'InvalidSignatureException'],
])('rejects a request %s, even without verification', async (_name, headers, expected) => {
  const { simulator } = await simulate();
  expect(type((await send(simulator.url, { headers })).text)).toBe(expected);
});

test.each(['20260101T000000Z', 'Thu, 01 Jan 2026 00:00:00 GMT'])(
  "HTTP's own Date header does as well as AWS's, as %s",
  async (date) => {
    const { simulator } = await simulate();
    const { hostname, port } = new URL(simulator.url);
    // fetch sends no Date header.
    const text = await new Promise<string>((resolve, reject) => {
      const headers = {
        'x-amz-target': 'AWSOrganizationsV20161128.CreateOrganization',
        authorization: signed('20260101', 'host;date'),
        date,
      };
      const outgoing = request({ hostname, port, method: 'POST', headers }, (response) => {
        response.setEncoding('utf8').on('data', (chunk: string) => resolve(chunk));
      });
      outgoing.on('error', reject).end('{}');
    });
    expect(JSON.parse(text)).toHaveProperty('Organization.Id');
  },
);

test('reports all missing parts of an Authorization header at once', async () => {
  const { simulator } = await simulate();
  const headers = { authorization: 'AWS4-HMAC-SHA256 Credential=111111111111', 'x-amz-date': '' };
  expect(JSON.parse((await send(simulator.url, { headers })).text)).toEqual({
    __type: 'IncompleteSignatureException',
    Message:
      "The Authorization header requires 'Signature'. The Authorization header requires 'SignedHeaders'. " +
      "The Authorization header requires a header 'X-Amz-Date' or 'Date'.",
  });
});

test('routes a request with a target header to Organizations, with any content type', async () => {
  const { simulator } = await simulate();
  const headers = { 'content-type': 'application/x-www-form-urlencoded', authorization: '' };
  expect(type((await send(simulator.url, { operation: 'ListRoots', headers })).text)).toBe(
    'MissingAuthenticationTokenException',
  );
});

test('rejects methods other than POST', async () => {
  const { simulator } = await simulate();
  const headers = {
    'x-amz-target': 'AWSOrganizationsV20161128.CreateOrganization',
    authorization: authorization('111111111111'),
  };
  for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS']) {
    const response = await fetch(simulator.url, { method, headers });
    expect(response.status).toBe(400);
    expect(response.headers.get('x-amzn-errortype')).toBe('UnknownOperationException');
  }
  expect(await attempt(simulator.url, '111111111111', 'DescribeOrganization', {})).toMatchObject({
    error: 'AWSOrganizationsNotInUseException',
  });
});

test('treats null members as absent, and ignores unknown members', async () => {
  const { simulator } = await simulate();
  const input = { FeatureSet: null, Colour: 'green' };
  expect(await attempt(simulator.url, '111111111111', 'CreateOrganization', input)).toMatchObject({
    output: { Organization: { FeatureSet: 'ALL' } },
  });
});

test('an access key of twelve digits selects that account, any other key the default account', async () => {
  const { simulator } = await simulate({ account: '777777777777' });
  await attempt(simulator.url, 'AKIAIOSFODNN7EXAMPLE', 'CreateOrganization', {});
  expect(await attempt(simulator.url, '777777777777', 'DescribeOrganization', {})).toMatchObject({
    output: { Organization: { MasterAccountId: '777777777777' } },
  });
  expect(await attempt(simulator.url, '888888888888', 'DescribeOrganization', {})).toMatchObject({
    error: 'AWSOrganizationsNotInUseException',
  });
});

test.each([
  ['us-east-1', 'aws'],
  ['cn-northwest-1', 'aws-cn'],
  ['us-gov-west-1', 'aws-us-gov'],
])('ARNs have the partition of the signed Region: %s', async (region, partition) => {
  const { as } = await simulate();
  const client = as('111111111111', region);
  await client.send(new CreateOrganizationCommand({}));
  const { Roots } = await client.send(new ListRootsCommand({}));
  expect(Roots?.[0]?.Arn).toMatch(new RegExp(`^arn:${partition}:organizations::111111111111:root/`));
});

test('billing transfers exist in the commercial partition only', async () => {
  const { simulator } = await simulate();
  const input = { Type: 'BILLING' };
  const china = await attempt(simulator.url, '111111111111', 'ListInboundResponsibilityTransfers', input, 'cn-north-1');
  expect(china.error).toBe('UnsupportedAPIEndpointException');
});

function stsOf(url: string, accessKeyId: string, sessionToken?: string): STSClient {
  const credentials = { accessKeyId, secretAccessKey: 'anything', ...(sessionToken !== undefined && { sessionToken }) };
  const client = new STSClient({ endpoint: url, region: 'us-east-1', credentials, maxAttempts: 1 });
  onTestFinished(() => client.destroy());
  return client;
}

test("STS returns the caller's identity, and issues role credentials that work until they expire", async () => {
  const clock = createClock({ start: Date.UTC(2026, 0, 1), rate: 0 });
  const { simulator, as } = await simulate({ clock });
  await as('444444444444').send(new CreateOrganizationCommand({}));
  const sts = stsOf(simulator.url, '111111111111');
  expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
    Account: '111111111111',
    Arn: 'arn:aws:sts::111111111111:assumed-role/OrganizationAccountAccessRole/orgql',
  });
  const RoleArn = 'arn:aws:iam::444444444444:role/team/Admin';
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: 'me', DurationSeconds: 900 }),
  );
  const credentials = {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  };
  const client = new OrganizationsClient({ endpoint: simulator.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  onTestFinished(() => client.destroy());
  const { Organization } = await client.send(new DescribeOrganizationCommand({}));
  expect(Organization?.MasterAccountId).toBe('444444444444');
  const { accessKeyId, sessionToken } = credentials;
  expect(await stsOf(simulator.url, accessKeyId, sessionToken).send(new GetCallerIdentityCommand({}))).toMatchObject({
    Account: '444444444444',
    Arn: 'arn:aws:sts::444444444444:assumed-role/Admin/me',
  });
  const response = await fetch(simulator.url, {
    method: 'POST',
    body: new URLSearchParams({ Action: 'GetCallerIdentity', Version: '2011-06-15' }),
    headers: { authorization: authorization('111111111111', 'us-east-1', 'sts'), 'x-amz-date': '20260101T000000Z' },
  });
  expect(await response.text()).toContain(`<RequestId>${response.headers.get('x-amzn-requestid')}</RequestId>`);
  for (const token of [undefined, 'another']) {
    await expect(stsOf(simulator.url, accessKeyId, token).send(new GetCallerIdentityCommand({}))).rejects.toMatchObject(
      { name: 'InvalidClientTokenId' },
    );
    const withToken = { ...credentials, sessionToken: token ?? '' };
    const other = new OrganizationsClient({
      endpoint: simulator.url,
      region: 'us-east-1',
      credentials: withToken,
      maxAttempts: 1,
    });
    onTestFinished(() => other.destroy());
    await expect(other.send(new DescribeOrganizationCommand({}))).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
    });
  }
  clock.advance(900_000);
  await expect(client.send(new DescribeOrganizationCommand({}))).rejects.toMatchObject({
    name: 'ExpiredTokenException',
  });
});

test.each([
  [{ RoleArn: 'arn:aws:iam::444444444444:user/me', RoleSessionName: 'me' }],
  [{ RoleArn: 'arn:aws:iam::444444444444:role/me', RoleSessionName: 'a b' }],
  [{ RoleArn: 'arn:aws:iam::444444444444:role/me', RoleSessionName: 'me', DurationSeconds: 60 }],
])('STS rejects %j', async (input) => {
  const { simulator } = await simulate();
  await expect(stsOf(simulator.url, '111111111111').send(new AssumeRoleCommand(input))).rejects.toMatchObject({
    name: 'ValidationError',
  });
});

test('verifies signatures with the configured secret, and role credentials with their own secret and token', async () => {
  const { simulator } = await simulate({ verifySignatures: { secretAccessKey: 'right' } });
  const client = (credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }) => {
    const options = { endpoint: simulator.url, region: 'eu-west-1', credentials, maxAttempts: 1 };
    const [organizations, sts] = [new OrganizationsClient(options), new STSClient(options)];
    onTestFinished(() => {
      organizations.destroy();
      sts.destroy();
    });
    return { organizations, sts };
  };
  const own = client({ accessKeyId: '111111111111', secretAccessKey: 'right' });
  await own.organizations.send(new CreateOrganizationCommand({}));
  const wrong = client({ accessKeyId: '111111111111', secretAccessKey: 'wrong' });
  await expect(wrong.organizations.send(new DescribeOrganizationCommand({}))).rejects.toMatchObject({
    name: 'InvalidSignatureException',
  });
  const RoleArn = 'arn:aws:iam::111111111111:role/Admin';
  const { Credentials } = await own.sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'me' }));
  const role = {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  };
  const { Organization } = await client(role).organizations.send(new DescribeOrganizationCommand({}));
  expect(Organization?.MasterAccountId).toBe('111111111111');
  await expect(
    client({ ...role, sessionToken: 'other' }).organizations.send(new DescribeOrganizationCommand({})),
  ).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
  const stale = await send(simulator.url, { headers: { 'x-amz-date': '20260101T000000Z' } });
  expect(type(stale.text)).toBe('InvalidSignatureException');
});

test('verifies signatures of any path and query of the endpoint', async () => {
  const { simulator } = await simulate({ verifySignatures: { secretAccessKey: 'right' } });
  for (const suffix of ["/it's!(a)*base", '/?a=%21&a-=2&b=it%27s', '/?b=2&b=1&a=']) {
    const client = new OrganizationsClient({
      endpoint: `${simulator.url}${suffix}`,
      region: 'eu-west-1',
      credentials: { accessKeyId: '111111111111', secretAccessKey: 'right' },
      maxAttempts: 1,
    });
    onTestFinished(() => client.destroy());
    const answer = client.send(new DescribeOrganizationCommand({})).catch((error: Error) => error.name);
    expect(await answer, suffix).toBe('AWSOrganizationsNotInUseException');
  }
});
