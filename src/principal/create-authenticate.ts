import { scopes } from '../config/auth.ts';
import type { Config } from '../config/index.ts';
import { createApiKeys } from './api-keys.ts';
import type { Authenticate, Caller } from './caller.ts';
import type { JwksObserver } from './issuer-keys.ts';

/** Everybody, when nobody is asked who they are. */
const anonymous: Caller = {
  name: 'anonymous',
  scopes: new Set(scopes),
  principals: undefined,
  expiresAt: Number.POSITIVE_INFINITY,
};

/** True for the caller that every client is with `auth: none`. */
export const isAnonymous = (caller: Caller): boolean => caller === anonymous;

/** The way to find out who calls that the configuration chooses; the same for all transports. Only what it needs is loaded. */
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
