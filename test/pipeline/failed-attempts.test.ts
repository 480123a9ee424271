import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { configSchema } from '../../src/config/index.ts';
import { FailedAttempts } from '../../src/pipeline/steps/caller.ts';
import { CloseCode } from '../../src/transport/websocket/closing.ts';
import { apiKey } from '../support/api-key.ts';
import { type SendOptions, send } from '../support/http.ts';
import { startIssuer } from '../support/issuer.ts';
import { startPlainServer } from '../support/plain-server.ts';
import { RawConnection } from '../support/websocket.ts';

const alice = apiKey({ principals: ['first'] });
const past = apiKey({ name: 'past', principals: ['first'], expires: '2020-01-01T00:00:00Z' });
const WRONG = `Bearer ${'x'.repeat(43)}`;
const OTHER = '127.0.0.2';

let server: Awaited<ReturnType<typeof startPlainServer>>;
afterEach(() => server?.close());
const start = async (limits: object = {}, auth?: object) => {
  server = await startPlainServer({
    auth: auth ?? { type: 'apiKeys', keys: [alice.settings, past.settings] },
    limits,
  } as Parameters<typeof startPlainServer>[0]);
};
const securityLines = () =>
  server.logged.flatMap(({ security, address, caller, count }) =>
    security === undefined ? [] : [{ security, address, caller, count }],
  );

type Ask = (
  authorization: string | undefined,
  localAddress?: string,
) => Promise<{ status: number; code?: string; retryAfter?: string }>;

const overHttp =
  (options: SendOptions): Ask =>
  async (authorization, localAddress) => {
    const isGet = options.method === 'GET';
    const { status, headers, text } = await send(isGet ? `${server.url}?query={principal}` : server.url, {
      ...options,
      ...(!isGet && { body: JSON.stringify({ query: '{ principal }' }) }),
      ...(localAddress !== undefined && { localAddress }),
      headers: { ...options.headers, ...(authorization !== undefined && { authorization }) },
    });
    const [, code] = /"code":"(\w+)"/.exec(text) ?? [];
    return {
      status,
      ...(code !== undefined && { code }),
      ...(headers['retry-after'] !== undefined && { retryAfter: `${headers['retry-after']}` }),
    };
  };

const transports: Readonly<Record<string, Ask>> = {
  HTTP: overHttp({ method: 'POST', headers: { 'content-type': 'application/json' } }),
  'HTTP GET': overHttp({ method: 'GET', headers: { accept: 'application/json' } }),
  SSE: overHttp({ method: 'POST', headers: { 'content-type': 'application/json', accept: 'text/event-stream' } }),
  /** A status as HTTP has it: 200 acknowledged, otherwise by the close code. */
  async WebSocket(authorization, localAddress) {
    using connection = new RawConnection(server.url, localAddress === undefined ? {} : { localAddress });
    await once(connection.socket, 'open');
    connection.send({ type: 'connection_init', payload: { authorization } });
    const closed = connection.closed.then(({ code, reason }) => {
      if (code === CloseCode.Forbidden) return { status: 401, code: 'UNAUTHENTICATED' };
      const [, retryAfter] = /Try again in (\d+) s/.exec(reason) ?? [];
      if (code !== CloseCode.TryAgainLater || retryAfter === undefined) return { status: code };
      return { status: 429, code: 'TOO_MANY_FAILED_ATTEMPTS', retryAfter };
    });
    // Awaited here: the connection is disposed of on return.
    return await Promise.race([closed, connection.next().then(() => ({ status: 200 }))]);
  },
};

describe.for(Object.entries(transports))('over %s', ([_, ask]) => {
  beforeEach(() => start());

  it('wrong keys get a Retry-After after 10 from one address', async () => {
    for (let n = 0; n < 10; n += 1) expect(await ask(WRONG)).toEqual({ status: 401, code: 'UNAUTHENTICATED' });
    for (let n = 0; n < 3; n += 1)
      expect(await ask(WRONG)).toEqual({ status: 429, code: 'TOO_MANY_FAILED_ATTEMPTS', retryAfter: '1' });
  });

  it('a valid key is accepted from a delayed address, and other addresses are not delayed', async () => {
    for (let n = 0; n < 11; n += 1) await ask(WRONG);
    expect((await ask(WRONG)).status).toBe(429);
    expect((await ask(alice.authorization)).status).toBe(200);
    expect((await ask(WRONG)).status).toBe(429);
    expect((await ask(WRONG, OTHER)).status).toBe(401);
    expect((await ask(alice.authorization, OTHER)).status).toBe(200);
  });

  it('logs each address with wrong keys once, with its count', async () => {
    for (let n = 0; n < 10; n += 1) await ask(WRONG);
    await ask(WRONG, OTHER);
    await ask(past.authorization, OTHER);
    await server.close();
    expect(securityLines()).toEqual([
      { security: 'credentials_rejected', address: '127.0.0.1', count: 1 },
      { security: 'credentials_rejected', address: OTHER, count: 1 },
      { security: 'credentials_rejected', address: OTHER, caller: 'past', count: 1 },
      { security: 'credentials_rejected', address: '127.0.0.1', count: 9 },
    ]);
    expect(JSON.stringify(server.logged)).not.toContain(WRONG.slice(7));
  });
});

test('clients without credentials are logged and not delayed', async () => {
  await start();
  const ask = transports['HTTP'] as Ask;
  for (let n = 0; n < 20; n += 1) expect((await ask(undefined)).status).toBe(401);
  await server.close();
  expect(securityLines().map(({ security, count }) => [security, count])).toEqual([
    ['credentials_missing', 1],
    ['credentials_missing', 19],
  ]);
});

describe('with tokens', () => {
  it('stops verifying an address with many forged tokens, and accepts its known valid token', async () => {
    await using issuer = await startIssuer();
    await start(
      { failedAttempts: { verificationsPerSecond: 1, perAddress: 1_000 } },
      {
        type: 'jwt',
        issuer: issuer.issuer,
        audience: 'orgql',
        jwksUri: issuer.jwksUri,
        rules: [{ principals: ['first'], scopes: ['read'] }],
      },
    );
    const ask = transports['HTTP'] as Ask;
    const valid = `Bearer ${await issuer.sign()}`;
    const forged = `${valid.slice(0, valid.lastIndexOf('.'))}.${Buffer.alloc(64, 7).toString('base64url')}`;
    const fresh = await Promise.all(Array.from({ length: 20 }, () => issuer.sign()));
    expect(await Promise.all(fresh.map((token) => ask(`Bearer ${token}`)))).toEqual(Array(20).fill({ status: 200 }));
    expect((await ask(valid)).status).toBe(200);
    let verified = 0;
    while ((await ask(forged)).status === 401) verified += 1;
    // Two, and another for each second that has passed meanwhile.
    expect(verified).toBeGreaterThanOrEqual(2);
    expect((await ask(valid)).status).toBe(200);
    expect((await ask(`Bearer ${await issuer.sign()}`, OTHER)).status).toBe(200);
  });
});

describe('FailedAttempts', () => {
  const settings = { perAddress: 2, windowMs: 1_000, maxBackoffMs: 5_000, verificationsPerSecond: 10 };
  const create = () =>
    new FailedAttempts(configSchema.parse({ limits: { failedAttempts: settings } }).limits.failedAttempts);

  it('doubles the delay with each attempt, up to a bound, and expires', () => {
    const attempts = create();
    expect([attempts.add('a', 0), attempts.add('a', 1)]).toEqual([0, 0]);
    let now = 2;
    const waits: number[] = [];
    for (let n = 0; n < 5; n += 1) {
      const waitMs = attempts.add('a', now);
      waits.push(waitMs);
      // Meanwhile, the time does not grow.
      expect(attempts.add('a', now + waitMs / 2)).toBe(waitMs / 2);
      now += waitMs;
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 5_000, 5_000]);
    expect(attempts.add('a', now + 1_000)).toBe(0);
  });

  it('does not add up attempts of different windows', () => {
    const attempts = create();
    for (let now = 0; now < 100_000; now += 600) expect(attempts.add('a', now)).toBe(0);
  });

  it('counts an IPv6 /64 as one address', () => {
    const attempts = create();
    for (let n = 1; n <= 2; n += 1) attempts.add(`2001:db8::${n}`, 0);
    expect(attempts.add('2001:db8::ffff', 0)).toBe(1_000);
    expect(attempts.add('2001:db8:0:1::1', 0)).toBe(0);
  });

  it('keeps 10,000 addresses and evicts the least recent', () => {
    const attempts = create();
    const address = (n: number) => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`;
    for (let n = 0; n < 3; n += 1) attempts.add('first', 0);
    for (let n = 0; n < 9_999; n += 1) attempts.add(address(n), 0);
    expect(attempts.add('first', 1)).toBeGreaterThan(0);
    for (let n = 9_999; n < 30_000; n += 1) attempts.add(address(n), 0);
    expect(attempts.add('first', 1)).toBe(0);
  });

  it('limits verifications of an address to 10 a second after 20 failures', () => {
    const attempts = create();
    for (let n = 0; n < 20; n += 1) {
      expect(attempts.untilVerification('a', 0)).toBe(0);
      attempts.add('a', 0);
    }
    expect(attempts.untilVerification('a', 0)).toBe(100);
    expect(attempts.untilVerification('a', 100)).toBe(0);
    attempts.add('a', 100);
    expect(attempts.untilVerification('a', 100)).toBe(100);
    expect(attempts.untilVerification('b', 100)).toBe(0);
  });
});
