import { expect, test } from 'vitest';
import { attempt } from './raw-call.ts';
import { simulate } from './support.ts';

const PAYER = '111111111111';

async function control(url: string, method: string, path: string, body?: unknown) {
  const response = await fetch(`${url}/_orgql${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

test('lists the paths', async () => {
  const { simulator } = await simulate();
  const { body } = await control(simulator.url, 'GET', '/');
  expect(body.paths).toContain('PATCH /_orgql/clock');
});

test("sets the clock's time and rate", async () => {
  const { simulator } = await simulate();
  const before = (await control(simulator.url, 'GET', '/clock')).body;
  const { body } = await control(simulator.url, 'PATCH', '/clock', { advanceMs: 86_400_000, rate: 0 });
  expect(Date.parse(body.now) - Date.parse(before.now)).toBeGreaterThanOrEqual(86_400_000);
  expect(body.rate).toBe(0);
  const set = await control(simulator.url, 'PATCH', '/clock', { now: '2030-01-01T00:00:00Z' });
  expect(set.body.now).toBe('2030-01-01T00:00:00.000Z');
});

test('sets and clears faults', async () => {
  const { simulator } = await simulate({ seed: 'demo' });
  const rule = { operation: 'ListRoots', failure: { kind: 'error', error: 'ServiceException' }, times: 1 };
  await control(simulator.url, 'PATCH', '/faults', { emptyPages: 1 });
  const { body } = await control(simulator.url, 'POST', '/failures', rule);
  expect(body).toEqual([rule]);
  expect((await attempt(simulator.url, PAYER, 'ListRoots', {})).error).toBe('ServiceException');
  expect((await attempt(simulator.url, PAYER, 'ListRoots', {})).output).toMatchObject({ Roots: [] });
  await control(simulator.url, 'DELETE', '/faults');
  expect((await attempt(simulator.url, PAYER, 'ListRoots', {})).output).toMatchObject({ Roots: [{ Id: 'r-exmp' }] });
});

test('resets the world, the clock, the faults and the counts at once, to the seed of the start or to another', async () => {
  const { simulator } = await simulate({ seed: 'demo' });
  await attempt(simulator.url, PAYER, 'LeaveOrganization', {});
  await control(simulator.url, 'PATCH', '/faults', { emptyPages: 1 });
  await control(simulator.url, 'PATCH', '/clock', { advanceMs: 86_400_000 });
  expect((await control(simulator.url, 'POST', '/reset', 'empty')).status).toBe(204);
  expect((await control(simulator.url, 'GET', '/requests')).body.total).toBe(0);
  expect((await control(simulator.url, 'GET', '/faults')).body.emptyPages).toBe(0);
  expect((await control(simulator.url, 'GET', '/world')).body.organizations).toEqual([]);
  const { body } = await control(simulator.url, 'GET', '/clock');
  expect(Math.abs(Date.parse(body.now) - Date.now())).toBeLessThan(60_000);
  expect((await control(simulator.url, 'POST', '/reset')).status).toBe(204);
  expect((await control(simulator.url, 'GET', '/world')).body.organizations).not.toEqual([]);
  expect(await control(simulator.url, 'POST', '/reset', 'full')).toEqual({
    status: 400,
    body: { error: expect.stringContaining('The seed "full" does not exist.') },
  });
});

test('counts and resets requests', async () => {
  const { simulator } = await simulate({ seed: 'demo' });
  await attempt(simulator.url, PAYER, 'ListRoots', {});
  expect((await control(simulator.url, 'GET', '/requests')).body).toMatchObject({ total: 1 });
  await control(simulator.url, 'DELETE', '/requests');
  expect((await control(simulator.url, 'GET', '/requests')).body).toEqual({ total: 0, requests: [] });
});

test('copies a world to another simulator', async () => {
  const { simulator: one } = await simulate({ seed: 'demo' });
  const { simulator: other } = await simulate();
  const { body } = await control(one.url, 'GET', '/world');
  expect((await control(other.url, 'PUT', '/world', body)).status).toBe(204);
  expect(await attempt(other.url, PAYER, 'DescribeOrganization', {})).toEqual(
    await attempt(one.url, PAYER, 'DescribeOrganization', {}),
  );
  expect((await control(other.url, 'PUT', '/world', 'empty')).status).toBe(204);
  expect((await attempt(other.url, PAYER, 'DescribeOrganization', {})).error).toBe('AWSOrganizationsNotInUseException');
});

test('sets quotas, settings, missing prerequisites of accounts, and failures of account creations', async () => {
  const { simulator } = await simulate({ seed: 'demo' });
  const quotas = { quotas: { accounts: 5 } };
  const organization = await control(simulator.url, 'PATCH', '/organizations/o-exampleorgid', quotas);
  expect(organization.body.quotas.accounts).toBe(5);
  const input = { Email: 'new@example.com', AccountName: 'New' };
  expect((await attempt(simulator.url, PAYER, 'CreateAccount', input)).reason).toBe('ACCOUNT_NUMBER_LIMIT_EXCEEDED');
  await control(simulator.url, 'PATCH', `/accounts/${PAYER}`, { missingPrerequisites: ['CONTACT_INFO'] });
  expect((await attempt(simulator.url, PAYER, 'CreateAccount', input)).reason).toBe(
    'MASTER_ACCOUNT_MISSING_CONTACT_INFO',
  );
  await control(simulator.url, 'PATCH', `/accounts/${PAYER}`, { missingPrerequisites: [] });
  await control(simulator.url, 'PATCH', '/organizations/o-exampleorgid', { quotas: { accounts: 500 } });
  await control(simulator.url, 'PATCH', '/settings', { accountCreationMs: 0 });
  await control(simulator.url, 'POST', '/account-creation-failures', { reasons: ['INTERNAL_FAILURE'] });
  const { output } = await attempt(simulator.url, PAYER, 'CreateAccount', input);
  const CreateAccountRequestId = (output['CreateAccountStatus'] as { readonly Id: string }).Id;
  expect(
    (await attempt(simulator.url, PAYER, 'DescribeCreateAccountStatus', { CreateAccountRequestId })).output,
  ).toMatchObject({
    CreateAccountStatus: { State: 'FAILED', FailureReason: 'INTERNAL_FAILURE' },
  });
});

test.each([
  ['GET', '/unknown', undefined, 404],
  ['PATCH', '/organizations/o-unknown000', { quotas: {} }, 404],
  ['PATCH', '/clock', { now: 'tomorrow' }, 400],
  ['PATCH', '/faults', { unknown: true }, 400],
  ['PUT', '/world', { version: 2 }, 400],
  ['POST', '/failures', { failure: { kind: 'error', error: 'UnknownException' } }, 400],
])('%s %s with %j fails with HTTP %i and a message', async (method, path, body, status) => {
  const { simulator } = await simulate();
  const reply = await control(simulator.url, method, path, body);
  expect(reply.status).toBe(status);
  expect(reply.body.error).toEqual(expect.any(String));
});

test('rejects requests that a web page can send without a preflight', async () => {
  const { simulator } = await simulate();
  const { status } = await fetch(`${simulator.url}/_orgql/faults`, { method: 'POST', body: '{}' });
  expect(status).toBe(404);
  const plain = await fetch(`${simulator.url}/_orgql/failures`, { method: 'POST', body: '{}' });
  expect(plain.status).toBe(415);
});
