import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { type Authenticate, AuthenticationError, type Caller } from '../principal/index.ts';
import type { FailedAttempts } from './failed-attempts.ts';
import type { SecurityLog } from './security-log.ts';

/** Authenticates a client by the value of its `Authorization` header. Throws, or rejects with, an `AuthenticationError`. */
export type AuthenticateClient = (authorization: string | undefined, address: string) => Caller | Promise<Caller>;

/** So many tokens are remembered as genuine. */
const MAX_GENUINE = 10_000;

export interface AuthenticateClientOptions {
  readonly authenticate: Authenticate;
  readonly failedAttempts: FailedAttempts;
  readonly securityLog: SecurityLog;
  /** Whether it takes a signature to find out that a credential is wrong. */
  readonly verifiesSignatures: boolean;
}

/**
 * Reports attempts that fail, and answers them with a time to wait once there are many from one address. A valid API key is accepted from every address, as is a token that was
 * valid before; another token is not looked at while its address has used up its verifications.
 */
export function authenticateClients(options: AuthenticateClientOptions): AuthenticateClient {
  const { authenticate, failedAttempts, securityLog, verifiesSignatures } = options;

  function rejected(error: unknown, authorization: string | undefined, address: string): unknown {
    if (!(error instanceof AuthenticationError) || error.code === 'AUTHENTICATION_UNAVAILABLE') return error;
    const { caller } = error;
    // A client that sends no credential guesses none.
    if (authorization === undefined) {
      securityLog.report({ reason: 'credentials_missing', address });
      return error;
    }
    const retryAfterMs = error.code === 'UNAUTHENTICATED' ? failedAttempts.add(address) : 0;
    if (retryAfterMs === 0) {
      securityLog.report({ reason: 'credentials_rejected', address, caller });
      return error;
    }
    securityLog.report({ reason: 'credentials_slowed_down', address, caller, setting: 'limits.failedAttempts' });
    return tooManyFailedAttempts(retryAfterMs, error);
  }

  const simple: AuthenticateClient = (authorization, address) => {
    try {
      const caller = authenticate(authorization);
      if (!(caller instanceof Promise)) return caller;
      return caller.catch((error: unknown) => {
        throw rejected(error, authorization, address);
      });
    } catch (error) {
      throw rejected(error, authorization, address);
    }
  };
  return verifiesSignatures ? limitVerifications(simple, options) : simple;
}

function limitVerifications(
  authenticate: AuthenticateClient,
  { failedAttempts, securityLog }: AuthenticateClientOptions,
): AuthenticateClient {
  const genuine = new LRUCache<string, true>({ max: MAX_GENUINE });
  return async (authorization, address) => {
    if (authorization === undefined) return authenticate(authorization, address);
    const hash = createHash('sha256').update(authorization).digest('base64');
    const isGenuine = genuine.get(hash) === true;
    const retryAfterMs = isGenuine ? 0 : failedAttempts.untilVerification(address);
    if (retryAfterMs > 0) {
      securityLog.report({ reason: 'credentials_slowed_down', address, setting: 'limits.failedAttempts' });
      throw tooManyFailedAttempts(retryAfterMs);
    }
    const caller = await authenticate(authorization, address);
    genuine.set(hash, true);
    return caller;
  };
}

function tooManyFailedAttempts(retryAfterMs: number, cause?: unknown): AuthenticationError {
  const seconds = Math.ceil(retryAfterMs / 1000);
  return new AuthenticationError(
    'TOO_MANY_FAILED_ATTEMPTS',
    `Too many wrong credentials came from this address (limits.failedAttempts); try again in ${seconds} s.`,
    { cause, retryAfterMs },
  );
}
