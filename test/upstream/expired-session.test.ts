import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import type { ConfigInput } from '../../src/config/index.ts';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';
import { startUpstream } from '../support/upstream.ts';

let simulator: Simulator;
beforeEach(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', '111111111111');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'x');
  vi.stubEnv('AWS_REGION', 'us-east-1');
  simulator = await startSimulator();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await simulator.close();
});

const assumedRole = { type: 'assumeRole', roleArn: 'arn:aws:iam::111111111111:role/Gateway' } as const;

function start(credentials: NonNullable<ConfigInput['principals']>[number]['credentials'], url = simulator.url) {
  return startUpstream({ principals: [{ name: 'partner', endpoint: url, stsEndpoint: url, credentials }] });
}

/** The number of calls of an operation with a session that had not expired. */
const calls = (operation: string) =>
  simulator.control
    .requests()
    .filter((request) => request.operation === operation)
    .reduce((sum, { count }) => sum + count, 0);

/** Sessions last for an hour. The gateway's own clock does not advance. */
const expireSessions = () => simulator.clock.advance(2 * 3_600_000);

test('a read that AWS rejects for an expired session is repeated in a new one', async () => {
  await using world = await start(assumedRole);
  await world.session().read('ListRoots', {});
  expect(calls('AssumeRole')).toBe(1);
  expireSessions();
  expect(await world.session({ fresh: true }).read('ListRoots', {})).toHaveProperty('Roots.0.Id');
  expect(calls('AssumeRole')).toBe(2);
  expect(calls('ListRoots')).toBe(2);
});

test('a write is repeated, too: AWS checks the session before it does anything', async () => {
  await using world = await start(assumedRole);
  await world.session().read('ListRoots', {});
  expireSessions();
  const input = { ResourceId: '111111111111', Tags: [{ Key: 'owner', Value: 'a' }] };
  await world.session().write('TagResource', input);
  expect(calls('TagResource')).toBe(1);
  expect(calls('AssumeRole')).toBe(2);
});

test('concurrent calls with an expired session start one new session', async () => {
  await using world = await start(assumedRole);
  await world.session().read('DescribeOrganization', {});
  expireSessions();
  const ids = ['111111111111', '191813416651', '125293366841'];
  const read = (AccountId: string) => world.session().read('DescribeAccount', { AccountId });
  expect(await Promise.all(ids.map(read))).toMatchObject(ids.map((Id) => ({ Account: { Id } })));
  expect(calls('AssumeRole')).toBe(2);
});

test('a new session that has expired, too, is an error, without a third call', async () => {
  let rejected = 0;
  const aws = createServer(async (request, response) => {
    if (request.headers['x-amz-target'] === undefined) {
      const { host: _host, connection: _connection, 'content-length': _length, ...headers } = request.headers;
      const reply = await fetch(simulator.url, {
        method: 'POST',
        headers: Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]),
        body: await text(request),
      });
      response.writeHead(reply.status, { 'content-type': 'text/xml' }).end(await reply.text());
      return;
    }
    rejected += 1;
    response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(
      '{"__type":"ExpiredTokenException","message":"The security token included in the request is expired."}',
    );
  });
  await once(aws.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => aws.closeAllConnections());
  onTestFinished(() => void aws.close());
  const { port } = aws.address() as AddressInfo;
  await using world = await start(assumedRole, `http://127.0.0.1:${port}`);
  await expect(world.session().read('ListRoots', {})).rejects.toMatchObject({
    code: 'UPSTREAM_CREDENTIALS',
    message: expect.not.stringContaining('security token'),
  });
  expect(rejected).toBe(2);
});

test('static keys cannot be renewed, so calls are not retried', async () => {
  await using world = await start(assumedRole);
  const role = await world.principal().credentials();
  await using fixed = await start({ type: 'static', secretAccessKey: 'x', ...pick(role) });
  await fixed.session().read('ListRoots', {});
  expireSessions();
  await expect(fixed.session().read('DescribeOrganization', {})).rejects.toMatchObject({
    code: 'UPSTREAM_CREDENTIALS',
  });
  expect(calls('AssumeRole')).toBe(1);
});

const pick = ({ accessKeyId, sessionToken = '' }: { accessKeyId: string; sessionToken?: string }) => ({
  accessKeyId,
  sessionToken,
});
