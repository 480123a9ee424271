import { expect, test } from 'vitest';
import { createClock } from '../../src/simulator/index.ts';
import { attempt } from './raw-call.ts';
import { simulate } from './support.ts';

const PAYER = '111111111111';
const CUSTOMER = '444444444444';

// https://github.com/aws/aws-sdk-js-v3/blob/main/packages/util-endpoints/src/lib/aws/partitions.json
test.each([
  ['us-east-1', 'aws'],
  ['cn-northwest-1', 'aws-cn'],
  ['us-gov-west-1', 'aws-us-gov'],
  ['us-iso-east-1', 'aws-iso'],
  ['us-iso-west-1', 'aws-iso'],
  ['us-isob-east-1', 'aws-iso-b'],
  ['us-isof-south-1', 'aws-iso-f'],
  ['eu-isoe-west-1', 'aws-iso-e'],
  ['eusc-de-east-1', 'aws-eusc'],
])('ARNs in %s have the partition %s', async (region, partition) => {
  const { simulator } = await simulate({ seed: 'demo' });
  const { output } = await attempt(simulator.url, PAYER, 'DescribeOrganization', {}, region);
  expect(output['Organization']).toMatchObject({
    Arn: `arn:${partition}:organizations::${PAYER}:organization/o-exampleorgid`,
  });
  const transfers = await attempt(
    simulator.url,
    PAYER,
    'ListInboundResponsibilityTransfers',
    { Type: 'BILLING' },
    region,
  );
  expect(transfers.error).toBe(partition === 'aws' ? undefined : 'UnsupportedAPIEndpointException');
});

const control = async (url: string, method: string, path: string, body: unknown) => {
  const response = await fetch(`${url}/_orgql/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: response.status === 204 ? undefined : await response.json() };
};

test('an account paired with one in GovCloud (US) creates pairs; the control interface sets and ends the pairing', async () => {
  const { simulator } = await simulate({ seed: 'demo' });
  const create = (by: string, Email: string) =>
    attempt(simulator.url, by, 'CreateGovCloudAccount', { AccountName: 'Pair', Email });
  expect((await create(CUSTOMER, 'one@example.com')).error).toBeUndefined();
  expect((await create(PAYER, 'two@example.com')).reason).toBe('MASTER_ACCOUNT_NOT_GOVCLOUD_ENABLED');
  const path = `accounts/${PAYER}`;
  const govCloudAccountId = '900000000011';
  expect(await control(simulator.url, 'PATCH', path, { govCloudAccountId })).toEqual({
    status: 200,
    body: { id: PAYER, missingPrerequisites: [], govCloudAccountId },
  });
  expect((await create(PAYER, 'two@example.com')).error).toBeUndefined();
  expect((await control(simulator.url, 'PATCH', path, { govCloudAccountId: 'none' })).status).toBe(400);
  await control(simulator.url, 'PATCH', path, { govCloudAccountId: null });
  expect((await create(PAYER, 'three@example.com')).reason).toBe('MASTER_ACCOUNT_NOT_GOVCLOUD_ENABLED');
});

test('replacing the world resets the clock to its initial time and rate', async () => {
  const start = Date.UTC(2026, 4, 10);
  const clock = createClock({ start, rate: 0 });
  const { simulator } = await simulate({ seed: 'demo', clock });
  clock.advance(90 * 86_400_000);
  clock.setRate(60);
  const { status } = await control(simulator.url, 'PUT', 'world', { version: 1, accounts: [] });
  expect(status).toBe(400);
  expect(clock.rate).toBe(60);
  expect(clock.now()).toBeGreaterThanOrEqual(start + 90 * 86_400_000);
  expect((await control(simulator.url, 'PUT', 'world', 'demo')).status).toBe(204);
  expect([clock.now(), clock.rate]).toEqual([start, 0]);
});
