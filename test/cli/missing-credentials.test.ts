import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { createGateway } from '../../src/gateway.ts';

const home = mkdtempSync(join(tmpdir(), 'orgql-'));
const path = (name: string) => join(home, name);
const principals = (...list: object[]) => JSON.stringify({ principals: list });

const environment = {
  HOME: home,
  AWS_CONFIG_FILE: path('config'),
  AWS_SHARED_CREDENTIALS_FILE: path('credentials'),
};

beforeAll(() => {
  writeFileSync(path('config'), '[default]\nregion = us-east-1\n[profile process]\ncredential_process = true\n');
  writeFileSync(path('credentials'), '[keys]\naws_access_key_id = a\naws_secret_access_key = b\n');
});
afterAll(() => rmSync(home, { recursive: true }));
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** What a start logs at `warn`, up to its ready line. No connection leaves this machine. */
async function warningsOf(settings: string, variables: Record<string, string> = {}) {
  for (const name of Object.keys(process.env)) if (/^AWS_(?!SDK)/.test(name)) vi.stubEnv(name, undefined);
  for (const [name, value] of Object.entries({ ...environment, ...variables })) vi.stubEnv(name, value);
  const connect = vi.spyOn(Socket.prototype, 'connect');
  const file = path(`orgql-${Math.random()}.json`);
  writeFileSync(file, settings);
  const options = [{ path: ['port'], value: 0, source: '--port' }];
  const config = await loadConfig({ file, environment: process.env, options });
  const warnings: { level: number; principal: string; code: string; msg: string }[] = [];
  const log = pino({ level: 'warn' }, { write: (line) => void warnings.push(JSON.parse(line)) });
  await using _ = await createGateway(config, { log });
  expect(connect).not.toHaveBeenCalled();
  return warnings;
}

const byProfile = (name: string, profile: string) => ({ name, credentials: { type: 'profile', profile } });
const roleArn = 'arn:aws:iam::444444444444:role/orgql';

test('a start without AWS credentials warns with the principal’s name and what to do', async () => {
  expect(await warningsOf('{}')).toMatchObject([
    {
      principal: 'default',
      code: 'UPSTREAM_CREDENTIALS',
      msg: expect.stringMatching(
        /^No AWS credentials were found for principal "default"\. Set AWS_PROFILE, or AWS_ACCESS_KEY_ID/,
      ),
    },
  ]);
});

test('warns of each principal whose profile is missing or has no credentials, and of no other', async () => {
  const warnings = await warningsOf(
    principals(
      byProfile('gone', 'nowhere'),
      byProfile('bare', 'default'),
      byProfile('keys', 'keys'),
      byProfile('process', 'process'),
      { name: 'role', credentials: { type: 'assumeRole', roleArn, profile: 'nowhere' } },
      { name: 'unassumed', credentials: { type: 'assumeRole', roleArn } },
      { name: 'static', credentials: { type: 'static', accessKeyId: 'a', secretAccessKey: 'b' } },
    ),
  );
  expect(warnings.map(({ principal, msg }) => [principal, msg])).toEqual(
    expect.arrayContaining([
      [
        'gone',
        expect.stringMatching(
          /principal "gone": its configuration names the profile "nowhere", which is neither in ~\/config nor in .* add the profile/,
        ),
      ],
      ['bare', expect.stringMatching(/principal "bare" could not be loaded from profile "default"/)],
      ['role', expect.stringMatching(/principal "role": its configuration names the profile "nowhere"/)],
      ['unassumed', expect.stringMatching(/^No AWS credentials were found for principal "unassumed"/)],
    ]),
  );
  expect(warnings).toHaveLength(4);
});

test.for([
  ['AWS_PROFILE that names a missing profile', { AWS_PROFILE: 'nowhere' }, /AWS_PROFILE names the profile "nowhere"/],
  ['an access key without its secret', { AWS_ACCESS_KEY_ID: 'a' }, /^No AWS credentials were found/],
] as const)('%s is warned of', async ([_, variables, expected]) => {
  expect(await warningsOf('{}', variables)).toMatchObject([
    { principal: 'default', msg: expect.stringMatching(expected) },
  ]);
});

test.for([
  ['keys in variables', { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' }],
  ['a profile that AWS_PROFILE names', { AWS_PROFILE: 'keys' }],
  ['a web identity', { AWS_WEB_IDENTITY_TOKEN_FILE: '/token', AWS_ROLE_ARN: roleArn }],
  ["a container's credentials", { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/x' }],
] as const)('a start with %s does not warn', async ([_, variables]) => {
  expect(await warningsOf('{}', variables)).toEqual([]);
});
