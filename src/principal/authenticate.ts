import { createHash, timingSafeEqual } from 'node:crypto';
import { scopes } from '../config/auth.ts';
import type { Config } from '../config/index.ts';
import { type Authenticate, AuthenticationError, bearer, type Caller } from './caller.ts';
import type { JwksObserver } from './issuer-keys.ts';

/** Every client, without authentication. */
const anonymous: Caller = {
  name: 'anonymous',
  scopes: new Set(scopes),
  principals: undefined,
  expiresAt: Number.POSITIVE_INFINITY,
};

export const isAnonymous = (caller: Caller): boolean => caller === anonymous;

/** Creates the configured authenticator, for all transports. Loads only the modules that it needs. */
export async function createAuthenticate(auth: Config['auth'], observer?: JwksObserver): Promise<Authenticate> {
  switch (auth.type) {
    case 'none':
      return () => anonymous;
    case 'apiKeys':
      return createApiKeys(auth);
    case 'jwt':
      return (await import('./jwt.ts')).createJwt(auth, observer);
  }
}

type ApiKeys = Extract<Config['auth'], { type: 'apiKeys' }>;

/** Authenticates API keys. Compares each with all hashes in constant time. */
function createApiKeys({ keys }: ApiKeys): Authenticate {
  const known = keys.map(({ name, hash, expires, principals, scopes }) => ({
    hash: Buffer.from(hash.slice('sha256:'.length), 'hex'),
    caller: {
      name,
      principals,
      scopes: new Set(scopes),
      expiresAt: expires === undefined ? Number.POSITIVE_INFINITY : Date.parse(expires),
    },
  }));

  return (authorization) => {
    const hash = createHash('sha256').update(bearer(authorization)).digest();
    let caller: Caller | undefined;
    for (const each of known) if (timingSafeEqual(each.hash, hash)) caller = each.caller;
    if (caller === undefined)
      throw new AuthenticationError('UNAUTHENTICATED', 'The API key is not valid. Send one of the configured keys.');
    if (caller.expiresAt <= Date.now())
      throw new AuthenticationError('UNAUTHENTICATED', 'The API key has expired. Request a new one.', {
        caller: caller.name,
      });
    return caller;
  };
}
