import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ConfigInput, configSchema } from '../../src/config/index.ts';
import { createPrincipals, type Principal } from '../../src/principal/index.ts';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';
import { stalls, startStallingAws } from '../support/stalling-aws.ts';

type PrincipalInput = NonNullable<ConfigInput['principals']>[number];

function createOne(principal: PrincipalInput): Principal {
  const [created] = createPrincipals(configSchema.parse({ principals: [principal] }));
  if (created === undefined) throw new Error('no principal');
  return created;
}

const failure = async (work: Promise<unknown>): Promise<Error> => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof Error) return error;
  throw new Error('it did not fail');
};

describe('a principal', () => {
  let simulator: Simulator;
  let home: string;
  const asked = (operation: 'GetCallerIdentity' | 'AssumeRole') => simulator.control.requestCount(operation);
  beforeEach(async () => {
    simulator = await startSimulator({ seed: 'empty', account: '123456789012' });
    home = mkdtempSync(join(tmpdir(), 'orgql-'));
    for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) vi.stubEnv(name, undefined);
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    vi.stubEnv('AWS_CONFIG_FILE', join(home, 'config'));
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(home, 'credentials'));
  });
  afterEach(async () => {
    vi.useRealTimers();
    vi.unstubAllEnvs();
    rmSync(home, { recursive: true });
    await simulator.close();
  });

  const keys = { type: 'static' as const, accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'top secret' };
  const role = { type: 'assumeRole' as const, roleArn: 'arn:aws:iam::444444444444:role/Reader' };

  describe('determines its account', () => {
    it('from its configuration, its role or its twelve-digit key, without a call', async () => {
      const static12 = { ...keys, accessKeyId: '111111111111' };
      const known = [
        createOne({ name: 'a', accountId: '222222222222', credentials: keys }),
        createOne({ name: 'b', credentials: role }),
        createOne({ name: 'c', credentials: static12 }),
      ];
      expect(await Promise.all(known.map((principal) => principal.accountId()))).toEqual([
        '222222222222',
        '444444444444',
        '111111111111',
      ]);
    });

    it('from STS, with one call for concurrent operations', async () => {
      const principal = createOne({ name: 'a', stsEndpoint: simulator.url, credentials: keys });
      expect(asked('GetCallerIdentity')).toBe(0);
      const answers = await Promise.all([1, 2, 3].map(() => principal.accountId()));
      await principal.accountId();
      expect(answers).toEqual(Array(3).fill('123456789012'));
      expect(asked('GetCallerIdentity')).toBe(1);
    });

    it('from the STS of AWS_ENDPOINT_URL_STS', async () => {
      vi.stubEnv('AWS_ENDPOINT_URL_STS', simulator.url);
      await expect(createOne({ name: 'a', credentials: keys }).accountId()).resolves.toBe('123456789012');
    });

    it('from the emulator that its keys are for, without sending them to AWS', async () => {
      await expect(createOne({ name: 'a', endpoint: simulator.url, credentials: keys }).accountId()).resolves.toBe(
        '123456789012',
      );
      vi.stubEnv('AWS_ENDPOINT_URL_ORGANIZATIONS', simulator.url);
      await expect(createOne({ name: 'b', credentials: keys }).accountId()).resolves.toBe('123456789012');
      expect(asked('GetCallerIdentity')).toBe(2);
    });

    it('or reports that STS failed and what to do, and calls STS again next time', async () => {
      const { url, port } = simulator;
      await simulator.close();
      const principal = createOne({ name: 'partner', stsEndpoint: url, credentials: keys });
      const error = await failure(principal.accountId());
      expect(error).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', operation: 'GetCallerIdentity', retryable: true });
      expect(error.message).toMatch(/principal "partner".*accountId/);
      simulator = await startSimulator({ seed: 'empty', account: '123456789012', port });
      await expect(principal.accountId()).resolves.toBe('123456789012');
    });
  });

  describe('is distinguished from others of its account', () => {
    it('by its role or its key, without a call', async () => {
      expect(await createOne({ name: 'a', credentials: role }).identity()).toBe(role.roleArn);
      expect(await createOne({ name: 'b', credentials: keys }).identity()).toBe('AKIAEXAMPLE');
      expect(asked('GetCallerIdentity')).toBe(0);
    });

    it('by the ARN that STS returns for the default chain: the same for all sessions of one role', async () => {
      const identities: string[] = [];
      for (const [roleArn, sessionName] of [
        ['arn:aws:iam::444444444444:role/path/Reader', 'one'],
        ['arn:aws:iam::444444444444:role/path/Reader', 'two'],
        ['arn:aws:iam::444444444444:role/Writer', 'one'],
      ] as const) {
        vi.stubEnv('AWS_ACCESS_KEY_ID', '111111111111');
        vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'x');
        const credentials = { type: 'assumeRole' as const, roleArn, sessionName };
        const session = await createOne({ name: 'a', stsEndpoint: simulator.url, credentials }).credentials();
        vi.stubEnv('AWS_ACCESS_KEY_ID', session.accessKeyId);
        vi.stubEnv('AWS_SECRET_ACCESS_KEY', session.secretAccessKey);
        vi.stubEnv('AWS_SESSION_TOKEN', session.sessionToken);
        const principal = createOne({ name: 'b', stsEndpoint: simulator.url });
        identities.push(await principal.identity(), await principal.identity());
        vi.stubEnv('AWS_SESSION_TOKEN', undefined);
      }
      const [reader, writer] = ['Reader', 'Writer'].map((name) => `arn:aws:sts::444444444444:assumed-role/${name}`);
      expect(identities).toEqual([reader, reader, reader, reader, writer, writer]);
      expect(asked('GetCallerIdentity')).toBe(3);
    });
  });

  describe('that assumes a role', () => {
    const principal = (extra = {}) =>
      createOne({ name: 'reader', stsEndpoint: simulator.url, credentials: { ...role, ...extra } });
    beforeEach(() => {
      vi.stubEnv('AWS_ACCESS_KEY_ID', '111111111111');
      vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'x');
    });

    it('assumes it once for all its calls, and again before the credentials expire', async () => {
      vi.useFakeTimers({ toFake: ['Date'] });
      const { credentials } = principal();
      const [first] = await Promise.all([credentials(), credentials(), credentials()]);
      expect(await credentials()).toBe(first);
      expect(asked('AssumeRole')).toBe(1);
      vi.setSystemTime(Date.now() + 54 * 60_000);
      expect(await credentials()).toBe(first);
      vi.setSystemTime(Date.now() + 2 * 60_000);
      expect((await credentials()).accessKeyId).not.toBe(first?.accessKeyId);
      expect(asked('AssumeRole')).toBe(2);
    });

    it('uses its credentials until they expire while STS is unavailable', async () => {
      vi.useFakeTimers({ toFake: ['Date'] });
      const { credentials } = principal();
      const first = await credentials();
      await simulator.close();
      vi.setSystemTime(Date.now() + 57 * 60_000);
      expect(await credentials()).toBe(first);
      vi.setSystemTime(Date.now() + 4 * 60_000);
      expect((await failure(credentials())).message).toMatch(/^Principal "reader" could not assume its role\. Check/);
    }, 30_000);

    it('reports that STS stalls, and uses its credentials once STS responds', async () => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
      const { port } = simulator;
      await simulator.close();
      const sts = await startStallingAws(stalls['sends half the body'], { port });
      const { credentials } = principal();
      const failed = failure(credentials());
      await sts.reached(1);
      await vi.advanceTimersByTimeAsync(8_000);
      expect(await failed).toMatchObject({
        message: expect.stringMatching(/principal "reader" are not there after 8 s: STS.* does not answer/),
        retryable: true,
      });
      await sts[Symbol.asyncDispose]();
      simulator = await startSimulator({ seed: 'empty', account: '123456789012', port });
      vi.useRealTimers();
      await vi.waitFor(async () => expect(await credentials()).toHaveProperty('sessionToken'), 10_000);
    });

    it('uses its credentials while STS stalls, without waiting after the first operation', async () => {
      vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout', 'performance'] });
      const { credentials } = principal();
      const first = await credentials();
      const { port } = simulator;
      await simulator.close();
      await using sts = await startStallingAws(stalls['reads the request and says nothing'], { port });
      vi.setSystemTime(Date.now() + 57 * 60_000);
      const waiting = credentials();
      let reached = false;
      void sts.reached(1).then(() => {
        reached = true;
      });
      // The connection of the first time may break before it is known to have: the SDK then waits a moment and connects again.
      while (!reached) await vi.advanceTimersByTimeAsync(10);
      await vi.advanceTimersByTimeAsync(1_000);
      expect(await waiting).toBe(first);
      const next = credentials();
      await vi.advanceTimersByTimeAsync(1);
      expect(await next).toBe(first);
    });

    it('assumes it with the keys of a profile, if it has one', async () => {
      vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
      writeFileSync(
        join(home, 'credentials'),
        '[source]\naws_access_key_id = 222222222222\naws_secret_access_key = x\n',
      );
      await principal({ profile: 'source' }).credentials();
      expect(simulator.control.requestCount('AssumeRole', '222222222222')).toBe(1);
    });
  });

  it('uses the default chain without settings', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIADEFAULT');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'x');
    expect(await createOne({ name: 'a' }).credentials()).toMatchObject({ accessKeyId: 'AKIADEFAULT' });
  });

  describe('without credentials reports what to do', () => {
    it('for the default chain', async () => {
      const error = await failure(createOne({ name: 'a' }).credentials());
      expect(error.message).toMatch(
        /^No AWS credentials were found for principal "a"\. Set AWS_PROFILE, or AWS_ACCESS_KEY_ID/,
      );
    });

    it.each([
      ['its own', 'its configuration', { type: 'profile', profile: 'nope' }],
      ['that of AWS_PROFILE', 'AWS_PROFILE', { type: 'default' }],
      ['the one that assumes its role', 'its configuration', { ...role, profile: 'nope' }],
      ['that of AWS_PROFILE, which assumes its role', 'AWS_PROFILE', role],
    ] as const)('by a profile that does not exist: %s', async (_name, setBy, credentials) => {
      if (setBy === 'AWS_PROFILE') vi.stubEnv('AWS_PROFILE', 'nope');
      vi.stubEnv('AWS_CONFIG_FILE', undefined);
      vi.stubEnv('HOME', home);
      const principal = createOne({ name: 'a', credentials });
      const { message } = await failure(principal.credentials());
      expect(message).toBe(
        `There are no AWS credentials for principal "a": ${setBy} names the profile "nope", which is neither in ` +
          '~/.aws/config nor in ~/credentials. Correct the name, or add the profile (aws configure --profile nope).',
      );
    });

    it('for an empty profile', async () => {
      writeFileSync(join(home, 'config'), '[profile empty]\nregion = us-east-1\n');
      const principal = createOne({ name: 'a', credentials: { type: 'profile', profile: 'empty' } });
      expect((await failure(principal.credentials())).message).toContain('could not be loaded from profile "empty"');
      await expect(principal.accountId()).rejects.toMatchObject({ code: 'UPSTREAM_CREDENTIALS', retryable: false });
    });

    it('for a credential process, without its output', async () => {
      writeFileSync(join(home, 'config'), '[profile process]\ncredential_process = sh -c "echo secret >&2; exit 1"\n');
      const principal = createOne({ name: 'a', credentials: { type: 'profile', profile: 'process' } });
      const error = await failure(principal.accountId());
      expect(error.message).toContain('profile "process"');
      expect(error.message).not.toContain('secret');
    });
  });
});
