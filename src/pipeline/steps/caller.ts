import { createHash } from 'node:crypto';
import { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Config } from '../../config/index.ts';
import { type Authenticate, AuthenticationError, type Caller } from '../../principal/index.ts';
import { TokenBucket } from '../../token-bucket.ts';
import { addressKey, type Operation } from '../operation.ts';
import type { SecurityLog } from '../security-log.ts';
import type { Step } from './step.ts';

/** Authenticates the caller before any other step. */
export function identifyCaller(authenticate: AuthenticateClient): Step {
  return {
    onRequest(operation) {
      const { request } = operation;
      const { caller: known } = request;
      if (known instanceof AuthenticationError) return refuse(known);
      if (known !== undefined) return identified(operation, known);
      try {
        const caller = authenticate(request.header('authorization'), request.address);
        if (caller instanceof Promise) return caller.then((known) => identified(operation, known), refuse);
        return identified(operation, caller);
      } catch (error) {
        return refuse(error);
      }
    },
  };
}

function identified(operation: Operation, caller: Operation['caller']): void {
  operation.caller = caller;
  operation.request.socket?.authenticated(operation.limitKey);
}

/** RFC 6750, section 3: a rejection names the accepted scheme. */
const responses = {
  UNAUTHENTICATED: { status: 401, headers: { 'www-authenticate': 'Bearer realm="orgql"' } },
  FORBIDDEN: { status: 403 },
  AUTHENTICATION_UNAVAILABLE: { status: 503, headers: { 'retry-after': '5' } },
  TOO_MANY_FAILED_ATTEMPTS: { status: 429 },
};

function refuse(error: unknown): never {
  if (!(error instanceof AuthenticationError)) throw error;
  const { code, message, retryAfterMs } = error;
  if (retryAfterMs !== undefined) {
    const http = { ...responses[code], headers: { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) } };
    throw new GraphQLError(message, {
      extensions: { code, retryable: true, retryAfterMs: Math.ceil(retryAfterMs), http },
    });
  }
  const retryable = code === 'AUTHENTICATION_UNAVAILABLE';
  throw new GraphQLError(message, { extensions: { code, retryable, http: responses[code] } });
}

/**
 * Authenticates a client by the value of its `Authorization` header. Throws, or rejects with, an `AuthenticationError`.
 */
export type AuthenticateClient = (authorization: string | undefined, address: string) => Caller | Promise<Caller>;

/** Number of verified tokens that are cached. */
const MAX_GENUINE = 10_000;

export interface AuthenticateClientOptions {
  readonly authenticate: Authenticate;
  readonly failedAttempts: FailedAttempts;
  readonly securityLog: SecurityLog;
  /** Whether verifying a credential takes a signature check. */
  readonly verifiesSignatures: boolean;
}

/**
 * Counts failed attempts per address and, when there are many, rejects further ones with a `Retry-After`. Valid API
 * keys and cached tokens are always accepted; other tokens are not verified while the address has no verifications
 * left.
 */
export function authenticateClients(options: AuthenticateClientOptions): AuthenticateClient {
  const { authenticate, failedAttempts, securityLog, verifiesSignatures } = options;

  function rejected(error: unknown, authorization: string | undefined, address: string): unknown {
    if (!(error instanceof AuthenticationError) || error.code === 'AUTHENTICATION_UNAVAILABLE') return error;
    const { caller } = error;
    // A request without credentials is not an attempt.
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
    `This address has sent too many wrong credentials (limits.failedAttempts). Try again in ${seconds} s.`,
    { cause, retryAfterMs },
  );
}

/** The first delay of an address, in ms; it doubles with each further failed attempt. */
const FIRST_BACKOFF_MS = 1_000;
/** Maximum number of counted addresses; the least recent is evicted. */
const MAX_ADDRESSES = 10_000;

interface Attempts {
  failed: number;
  windowFrom: number;
  slowedDownUntil: number;
  /** The verifications that are left. */
  readonly verifications: TokenBucket;
}

/** Counts failed authentications by the client's address. Times are of the monotonic clock, in ms. */
export class FailedAttempts {
  readonly #settings: Config['limits']['failedAttempts'];
  readonly #byAddress = new LRUCache<string, Attempts>({ max: MAX_ADDRESSES });

  constructor(settings: Config['limits']['failedAttempts']) {
    this.#settings = settings;
  }

  /** Counts a failed attempt. Returns the delay of the address in ms; 0 = none. */
  add(address: string, now = performance.now()): number {
    const { perAddress, windowMs, maxBackoffMs } = this.#settings;
    const attempts = this.#of(address, now);
    // Concurrent verifications may overdraw it.
    attempts.verifications.take(Math.min(1, attempts.verifications.fill(now) + this.#maxVerifications));
    if (now < attempts.slowedDownUntil) return attempts.slowedDownUntil - now;
    if (now >= Math.max(attempts.windowFrom, attempts.slowedDownUntil) + windowMs) {
      attempts.failed = 0;
      attempts.windowFrom = now;
    }
    attempts.failed += 1;
    if (attempts.failed <= perAddress) return 0;
    const backoffMs = Math.min(maxBackoffMs, FIRST_BACKOFF_MS * 2 ** (attempts.failed - perAddress - 1));
    attempts.slowedDownUntil = now + backoffMs;
    return backoffMs;
  }

  /** Time until another signature may be verified for the address, in ms; 0 = now. Verifications cost CPU time. */
  untilVerification(address: string, now = performance.now()): number {
    const attempts = this.#byAddress.get(addressKey(address));
    if (attempts === undefined) return 0;
    attempts.verifications.fill(now);
    return attempts.verifications.msUntil(1);
  }

  get #maxVerifications(): number {
    return 2 * this.#settings.verificationsPerSecond;
  }

  #of(address: string, now: number): Attempts {
    const key = addressKey(address);
    const known = this.#byAddress.get(key);
    if (known !== undefined) return known;
    const limit = { rate: this.#settings.verificationsPerSecond, burst: this.#maxVerifications };
    const verifications = new TokenBucket(limit, now);
    const attempts = { failed: 0, windowFrom: now, slowedDownUntil: Number.NEGATIVE_INFINITY, verifications };
    this.#byAddress.set(key, attempts);
    return attempts;
  }
}
