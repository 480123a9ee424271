import { createHmac } from 'node:crypto';
import { exportSPKI, importJWK } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ConfigInput, configSchema } from '../../src/config/index.ts';
import { createAuthenticate } from '../../src/principal/index.ts';
import { startIssuer } from '../support/issuer.ts';

type JwtInput = Extract<ConfigInput['auth'], { type: 'jwt' }>;

let issuer: Awaited<ReturnType<typeof startIssuer>>;
beforeAll(async () => {
  issuer = await startIssuer();
  await issuer.addKey('rsa', 'RS256');
  await issuer.addKey('ed', 'EdDSA');
  await issuer.addKey('unpublished', 'ES256', false);
});
afterAll(() => issuer[Symbol.asyncDispose]());

const grantAll = [{ principals: ['payer'], scopes: ['read' as const] }];
function authenticator(settings: Partial<JwtInput> = {}) {
  const { auth } = configSchema.parse({
    principals: [{ name: 'payer' }, { name: 'acme' }],
    auth: {
      type: 'jwt',
      issuer: issuer.issuer,
      audience: 'orgql',
      jwksUri: issuer.jwksUri,
      rules: grantAll,
      ...settings,
    },
  });
  const authenticate = createAuthenticate(auth);
  return async (authorization: string | undefined) => (await authenticate)(authorization);
}

const seconds = (offset: number) => Math.floor(Date.now() / 1000) + offset;
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a token', () => {
  it.for(['first', 'rsa', 'ed'])('that is signed with the published key %s names its caller', async (kid) => {
    const caller = await authenticator()(`Bearer ${await issuer.sign({}, kid)}`);
    expect(caller).toMatchObject({ name: 'alice', principals: ['payer'], scopes: new Set(['read']) });
  });

  it('is valid until it expires, plus the allowed clock skew', async () => {
    const exp = seconds(-10);
    const caller = await authenticator()(`Bearer ${await issuer.sign({ exp })}`);
    expect(caller.expiresAt).toBe(exp * 1000 + 30_000);
  });

  it.for([
    ['has expired', () => ({ exp: seconds(-31) }), /has expired/],
    ['has no end', () => ({ exp: null }), /not complete/],
    ['is not valid yet', () => ({ nbf: seconds(40) }), /not valid yet/],
    ['is of another issuer', () => ({ iss: 'https://evil.example' }), /another issuer/],
    ['is for another audience', () => ({ aud: 'other' }), /another audience; expected orgql/],
    ['has no audience', () => ({ aud: null }), /another audience/],
    ['names no caller', () => ({ sub: null }), /not complete/],
    ['has a number as the name of its caller', () => ({ sub: 7 }), /is not a valid caller name/],
  ] as const)('that %s is refused, with the reason', async ([_, claims, reason]) => {
    const refused = authenticator()(`Bearer ${await issuer.sign(claims())}`);
    await expect(refused).rejects.toMatchObject({ code: 'UNAUTHENTICATED', message: expect.stringMatching(reason) });
  });

  it('that is signed with an unpublished key is rejected', async () => {
    const refused = authenticator()(`Bearer ${await issuer.sign({}, 'unpublished')}`);
    await expect(refused).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('with the algorithm "none" is rejected', async () => {
    const [, payload] = (await issuer.sign()).split('.');
    const token = `${part({ alg: 'none', kid: 'first' })}.${payload}.`;
    await expect(authenticator()(`Bearer ${token}`)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('that uses the public key as a shared secret (HS256) is rejected', async () => {
    const jwk = await issuer.addKey('confused', 'RS256');
    const key = await importJWK(jwk, 'RS256', { extractable: true });
    if (key instanceof Uint8Array) throw new Error('a shared secret');
    const [, payload] = (await issuer.sign({}, 'confused')).split('.');
    for (const secret of [await exportSPKI(key), JSON.stringify(jwk), '']) {
      const signed = `${part({ alg: 'HS256', kid: 'confused' })}.${payload}`;
      const token = `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
      await expect(authenticator()(`Bearer ${token}`)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    }
  });

  it('with changed claims is rejected', async () => {
    const [header, , signature] = (await issuer.sign()).split('.');
    const claims = { iss: issuer.issuer, aud: 'orgql', sub: 'mallory', exp: seconds(60) };
    const refused = authenticator()(`Bearer ${header}.${part(claims)}.${signature}`);
    await expect(refused).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('with an algorithm that is not configured is rejected', async () => {
    const refused = authenticator({ algorithms: ['RS256'] })(`Bearer ${await issuer.sign()}`);
    await expect(refused).rejects.toMatchObject({ code: 'UNAUTHENTICATED', message: expect.stringContaining('RS256') });
  });

  it.for([
    undefined,
    '',
    'Basic abc',
    'Bearer',
    'Bearer ',
    'Bearer a b',
    'Bearer x',
    'Bearer a.b.c',
    `Bearer ${'x'.repeat(20_000)}`,
  ])('is not in the authorization %j', async (authorization) => {
    await expect(authenticator()(authorization)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});

describe('the issuer’s keys', () => {
  it('are read once for many tokens', async () => {
    const authenticate = authenticator();
    const before = issuer.asked();
    const token = await issuer.sign();
    await Promise.all(Array.from({ length: 20 }, () => authenticate(`Bearer ${token}`)));
    expect(issuer.asked() - before).toBe(1);
  });

  it('are read again for a token with a new key (rotation), and the old key is no longer valid', async () => {
    await issuer.addKey('old');
    const authenticate = authenticator({ jwksCooldownMs: 0 });
    await authenticate(`Bearer ${await issuer.sign({}, 'old')}`);
    await issuer.addKey('new');
    issuer.removeKey('old');
    await authenticate(`Bearer ${await issuer.sign({}, 'new')}`);
    await expect(authenticate(`Bearer ${await issuer.sign({}, 'old')}`)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });

  it('are not read for every token with an unknown key, which an attacker could send', async () => {
    const authenticate = authenticator();
    await authenticate(`Bearer ${await issuer.sign()}`);
    const before = issuer.asked();
    const token = await issuer.sign({}, 'unpublished');
    for (let n = 0; n < 10; n += 1) await expect(authenticate(`Bearer ${token}`)).rejects.toThrow();
    expect(issuer.asked()).toBe(before);
  });

  it('are unavailable: the error does not blame the token', async () => {
    issuer.answerWith(500);
    const unavailable = authenticator()(`Bearer ${await issuer.sign()}`);
    await expect(unavailable).rejects.toMatchObject({ code: 'AUTHENTICATION_UNAVAILABLE' });
    issuer.answerWith(200);
  });
});

describe('rules', () => {
  const rules: JwtInput['rules'] = [
    { when: { groups: 'platform' }, principals: ['acme'], scopes: ['organization:write', 'read'] },
    { when: { scope: ['orgql', 'orgql:read'] }, principals: ['payer'], scopes: ['read'] },
    { when: { groups: 'sales', verified: true }, principals: ['payer'], scopes: ['handshakes:send'] },
  ];

  it.for([
    ['a list that has the value', { groups: ['x', 'platform'] }, ['acme'], ['organization:write', 'read']],
    ['a word of a text', { scope: 'openid orgql:read' }, ['payer'], ['read']],
    ['all of its claims', { groups: 'sales', verified: true }, ['payer'], ['handshakes:send']],
    [
      'several rules, which add up in their order',
      { groups: ['sales', 'platform'], verified: true },
      ['acme', 'payer'],
      ['organization:write', 'read', 'handshakes:send'],
    ],
  ] as const)('match %s', async ([_, claims, principals, scopes]) => {
    const caller = await authenticator({ rules })(`Bearer ${await issuer.sign(claims)}`);
    expect(caller.principals).toEqual(principals);
    expect([...caller.scopes]).toEqual(scopes);
  });

  it.for([
    {},
    { groups: 'sales' },
    { groups: 'sales', verified: 'true' },
    { scope: 'orgql:reader' },
    { groups: 'no platform' },
  ])('that grant %j nothing forbid everything', async (claims) => {
    const refused = authenticator({ rules })(`Bearer ${await issuer.sign(claims)}`);
    await expect(refused).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});
