import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ConfigInput, configSchema } from '../../src/config/index.ts';
import { createAuthenticate, JwksStatus } from '../../src/principal/index.ts';
import { startIssuer } from '../support/issuer.ts';

type JwtInput = Extract<ConfigInput['auth'], { type: 'jwt' }>;

const CACHE_MS = 60_000;
const STALE_MS = 600_000;

let issuer: Awaited<ReturnType<typeof startIssuer>>;
beforeEach(async () => {
  issuer = await startIssuer();
  // Sockets and the tokens' dates keep their real clocks.
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(async () => {
  vi.useRealTimers();
  await issuer[Symbol.asyncDispose]();
});

async function start(settings: Partial<JwtInput> = {}) {
  const { auth } = configSchema.parse({
    principals: [{ name: 'payer' }],
    auth: {
      type: 'jwt',
      issuer: issuer.issuer,
      audience: 'orgql',
      jwksUri: issuer.jwksUri,
      rules: [{ principals: ['payer'], scopes: ['read'] }],
      jwksCacheMs: CACHE_MS,
      jwksMaxStaleMs: STALE_MS,
      ...settings,
    },
  });
  const logged: { level: number; reason?: string }[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => logged.push(JSON.parse(line)) });
  const status = new JwksStatus(log, CACHE_MS + STALE_MS);
  const authenticate = await createAuthenticate(auth, status);
  const attempt = async (kid = 'first') => {
    try {
      return (await authenticate(`Bearer ${await issuer.sign({}, kid)}`)).name;
    } catch (error) {
      return error instanceof Error && 'code' in error ? error.code : error;
    }
  };
  return { attempt, status, logged };
}

const advance = (ms: number) => vi.advanceTimersByTime(ms);

describe('while the issuer cannot be reached', () => {
  it('known keys are used for jwksMaxStaleMs after jwksCacheMs, and no longer', async () => {
    const { attempt } = await start();
    expect(await attempt()).toBe('alice');
    issuer.answerWith(500);
    advance(CACHE_MS);
    expect(await attempt()).toBe('alice');
    advance(STALE_MS - 1);
    expect(await attempt()).toBe('alice');
    advance(1);
    expect(await attempt()).toBe('AUTHENTICATION_UNAVAILABLE');
  });

  it('steps of the wall clock do not affect how long known keys are used', async () => {
    const { attempt } = await start();
    expect(await attempt()).toBe('alice');
    issuer.answerWith(500);
    const now = Date.now();
    const clock = vi.spyOn(Date, 'now');
    clock.mockReturnValue(now + 10 * STALE_MS);
    expect(await attempt()).toBe('alice');
    clock.mockReturnValue(now - 10 * STALE_MS);
    advance(CACHE_MS + STALE_MS);
    expect(await attempt()).toBe('AUTHENTICATION_UNAVAILABLE');
    clock.mockRestore();
  });

  it('keys are read again with a backoff, without delaying tokens', async () => {
    const { attempt } = await start();
    await attempt();
    const before = issuer.asked();
    issuer.answerWith(500);
    advance(CACHE_MS);
    for (let n = 0; n < 20; n += 1) expect(await attempt()).toBe('alice');
    expect(issuer.asked() - before).toBe(1);
    const held: ServerResponse[] = [];
    issuer.handleWith((_request, response) => held.push(response));
    advance(1_000);
    const asked = issuer.nextAsked();
    for (let n = 0; n < 20; n += 1) expect(await attempt()).toBe('alice');
    await asked;
    expect(issuer.asked() - before).toBe(2);
    for (const response of held) response.destroy();
  });

  it('the outage is logged once, counted, and ends when the keys are read again', async () => {
    const { attempt, status, logged } = await start();
    await attempt();
    expect(logged).toEqual([]);
    issuer.answerWith(500);
    for (let n = 1; n <= 3; n += 1) {
      advance(CACHE_MS);
      await attempt();
      await vi.waitUntil(() => status.failedReads === n);
    }
    expect(logged.map(({ level, reason }) => [level, reason])).toEqual([
      [40, 'the issuer responded with status 500; expected 200'],
    ]);
    expect(status.ready).toBe(false);
    advance(STALE_MS);
    expect(await attempt()).toBe('AUTHENTICATION_UNAVAILABLE');
    expect(logged.map(({ level }) => level)).toEqual([40, 50]);
    issuer.answerWith(200);
    advance(30_000);
    expect(await attempt()).toBe('alice');
    expect(logged.map(({ level }) => level)).toEqual([40, 50, 30]);
    expect(status).toMatchObject({ ready: true, ageMs: 0, reads: 2 });
  });

  it('a token with an unknown key is not called invalid, as the key may be new', async () => {
    await issuer.addKey('unpublished', 'ES256', false);
    const { attempt } = await start();
    expect(await attempt('unpublished')).toBe('UNAUTHENTICATED');
    issuer.answerWith(500);
    advance(30_000);
    expect(await attempt('unpublished')).toBe('AUTHENTICATION_UNAVAILABLE');
    expect(await attempt()).toBe('alice');
  });
});

describe('the issuer answers again', () => {
  it('after an outage with other keys, and the old ones are no longer valid', async () => {
    const { attempt } = await start();
    await attempt();
    issuer.answerWith(500);
    advance(CACHE_MS);
    expect(await attempt()).toBe('alice');
    await issuer.addKey('new');
    issuer.removeKey('first');
    issuer.answerWith(200);
    advance(30_000);
    expect(await attempt('new')).toBe('alice');
    expect(await attempt()).toBe('UNAUTHENTICATED');
  });

  it('and tokens wait for expired keys to be read, so that a withdrawn key is no longer valid', async () => {
    await issuer.addKey('second');
    const { attempt } = await start();
    expect(await attempt()).toBe('alice');
    issuer.removeKey('first');
    advance(CACHE_MS);
    expect(await attempt()).toBe('UNAUTHENTICATED');
  });
});

describe('tokens with unknown keys', () => {
  it('cause a read at most every jwksCooldownMs, without delaying tokens with known keys', async () => {
    await issuer.addKey('unpublished', 'ES256', false);
    const { attempt } = await start({ jwksCooldownMs: 10_000 });
    await attempt();
    const before = issuer.asked();
    for (let n = 0; n < 20; n += 1) expect(await attempt('unpublished')).toBe('UNAUTHENTICATED');
    expect(issuer.asked()).toBe(before);
    advance(10_000);
    const held: ServerResponse[] = [];
    issuer.handleWith((_request, response) => held.push(response));
    const asked = issuer.nextAsked();
    const unknown = Array.from({ length: 20 }, () => attempt('unpublished'));
    await asked;
    expect(await attempt()).toBe('alice');
    issuer.handleWith(undefined);
    await issuer.addKey('published-now');
    const rotated = attempt('published-now');
    for (const response of held) response.end(JSON.stringify({ keys: issuer.published }));
    expect(await rotated).toBe('alice');
    expect(await Promise.all(unknown)).toEqual(Array(20).fill('UNAUTHENTICATED'));
    expect(issuer.asked() - before).toBe(1);
  });
});

const weak = generateKeyPairSync('rsa', { modulusLength: 1_024 }).publicKey.export({ format: 'jwk' });
const { d } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });

describe('an unusable response of the issuer', () => {
  const send = (text: string, headers: Record<string, string> = {}, status = 200) => {
    issuer.handleWith((_request, response) => response.writeHead(status, headers).end(text));
  };
  const cases: readonly (readonly [string, () => void])[] = [
    ['is no JSON', () => send('<html>')],
    ['is empty', () => send('')],
    ['is null', () => send('null')],
    ['is a list', () => send('[]')],
    ['has no keys', () => send('{}')],
    ['has keys that are no list', () => send('{"keys":{"0":{}}}')],
    ['has an empty list of keys', () => send('{"keys":[]}')],
    ['has null for a key', () => send('{"keys":[null]}')],
    ['has null beside a good key', () => send(JSON.stringify({ keys: [...issuer.published, null] }))],
    ['has a key of the same id without its members', () => send('{"keys":[{"kty":"EC","kid":"first"}]}')],
    ['has members of the wrong types', () => send('{"keys":[{"kty":"RSA","n":7,"e":{},"kid":[]}]}')],
    ['has a shared secret only', () => send('{"keys":[{"kty":"oct","k":"AAAA","kid":"first"}]}')],
    ['has half of a private key only', () => send(JSON.stringify({ keys: [{ kty: 'OKP', crv: 'Ed25519', d }] }))],
    ['has a key that is too short only', () => send(JSON.stringify({ keys: [{ ...weak, kid: 'first' }] }))],
    [
      'has a key for encryption only',
      () => send(JSON.stringify({ keys: issuer.published.map((key) => ({ ...key, use: 'enc' })) })),
    ],
    ['has more than 100 keys', () => send(JSON.stringify({ keys: Array(101).fill(issuer.published[0]) }))],
    ['is another status', () => send('{}', {}, 404)],
    ['is a redirect', () => send('', { location: 'https://elsewhere.example/keys' }, 302)],
    [
      'breaks off',
      () =>
        issuer.handleWith((_request, response) => {
          response.writeHead(200, { 'content-length': '1000' }).write('{"keys":[');
          response.socket?.destroySoon();
        }),
    ],
    [
      'begins and never ends',
      () => issuer.handleWith((_request, response) => response.writeHead(200).write('{"keys":[')),
    ],
    ['is no answer', () => issuer.handleWith((_request, response) => response.socket?.destroy())],
  ];

  it.for(cases)('%s: known keys stay, and without any the caller is asked to try again', async ([_, answer]) => {
    const { attempt, status } = await start({ jwksTimeoutMs: 300 });
    expect(await attempt()).toBe('alice');
    answer();
    advance(CACHE_MS);
    expect(await attempt()).toBe('alice');
    expect(status).toMatchObject({ reads: 1, failedReads: 1 });
    const other = await start({ jwksTimeoutMs: 300 });
    expect(await other.attempt()).toBe('AUTHENTICATION_UNAVAILABLE');
  });

  it('that never ends is read up to a bound', async () => {
    const { attempt, logged } = await start();
    let sent = 0;
    let ended: Promise<unknown> | undefined;
    issuer.handleWith((_request, response) => {
      const chunk = Buffer.alloc(65_536, ' ');
      const write = () => {
        while (!response.destroyed) {
          sent += chunk.length;
          if (!response.write(chunk)) return;
        }
      };
      ended = once(response, 'close');
      response.on('drain', write);
      write();
    });
    expect(await attempt()).toBe('AUTHENTICATION_UNAVAILABLE');
    await ended;
    // What the two sockets buffer comes on top of the bound.
    expect(sent).toBeLessThan(16 * 1_048_576);
    expect(logged).toMatchObject([{ reason: "the issuer's answer has more than 1048576 bytes" }]);
  });

  it('with unusable keys beside usable ones is accepted without them', async () => {
    send(JSON.stringify({ keys: [{ kty: 'new-type' }, { kty: 'RSA' }, ...issuer.published] }));
    const { attempt } = await start();
    expect(await attempt()).toBe('alice');
  });
});
