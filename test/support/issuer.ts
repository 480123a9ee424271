import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

type Algorithm = 'RS256' | 'ES256' | 'EdDSA';

/** An OpenID Connect server as far as a gateway sees it: keys at a URL, and tokens signed with them. */
export async function startIssuer() {
  const published: JWK[] = [];
  const keys = new Map<string, { key: CryptoKey; alg: Algorithm }>();
  let asked = 0;
  let status = 200;
  let handle: RequestListener | undefined;
  const server = createServer((request, response) => {
    asked += 1;
    server.emit('asked');
    if (handle !== undefined) return handle(request, response);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: published }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  /** Makes a key, and publishes it unless it is to be kept back. */
  async function addKey(kid: string, alg: Algorithm = 'ES256', publish = true): Promise<JWK> {
    const { publicKey, privateKey } = await generateKeyPair(alg);
    keys.set(kid, { key: privateKey, alg });
    const jwk = { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' };
    if (publish) published.push(jwk);
    return jwk;
  }
  await addKey('first');

  const issuer = `http://127.0.0.1:${port}`;
  return {
    issuer,
    jwksUri: `${issuer}/jwks.json`,
    addKey,
    /** The keys that are published. */
    published,
    removeKey: (kid: string) =>
      published.splice(
        published.findIndex((jwk) => jwk.kid === kid),
        1,
      ),
    answerWith: (code: number) => {
      status = code;
    },
    /** Answers in the test's own way, until it is undefined again. */
    handleWith: (listener: RequestListener | undefined) => {
      handle = listener;
    },
    /** Resolves with the next time the keys are asked for. */
    nextAsked: () => once(server, 'asked'),
    /** How often the keys have been asked for. */
    asked: () => asked,
    /** A token that is good for a minute, unless `claims` say otherwise; null takes a claim out. */
    async sign(claims: Record<string, unknown> = {}, kid = 'first'): Promise<string> {
      const signer = keys.get(kid);
      if (signer === undefined) throw new Error(`no key ${kid}`);
      const now = Math.floor(Date.now() / 1000);
      const all = { iss: issuer, aud: 'orgql', sub: 'alice', iat: now, exp: now + 60, ...claims };
      const kept = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
      return new SignJWT(kept).setProtectedHeader({ alg: signer.alg, kid }).sign(signer.key);
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
