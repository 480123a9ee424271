import type { Scope } from '../config/auth.ts';

/** The authenticated sender of a request, with its scopes and principals. */
export interface Caller {
  readonly name: string;
  readonly scopes: ReadonlySet<Scope>;
  /** Names of the principals that it may use, the default first; undefined = all. */
  readonly principals: readonly string[] | undefined;
  /** Expiry of its credential, in ms since the epoch; Infinity = never. */
  readonly expiresAt: number;
}

/** The caller is not authenticated or has no access. */
export class AuthenticationError extends Error {
  /**
   * `UNAUTHENTICATED`: missing or wrong credentials; `FORBIDDEN`: authenticated without access;
   * `AUTHENTICATION_UNAVAILABLE`: the issuer's keys cannot be read; `TOO_MANY_FAILED_ATTEMPTS`: wrong after many
   * failures.
   */
  readonly code: 'UNAUTHENTICATED' | 'FORBIDDEN' | 'AUTHENTICATION_UNAVAILABLE' | 'TOO_MANY_FAILED_ATTEMPTS';
  /** The caller's name, if its credential is genuine but rejected. */
  readonly caller: string | undefined;
  /** Time until a retry makes sense, in ms. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: AuthenticationError['code'],
    message: string,
    {
      caller,
      retryAfterMs,
      cause,
    }: { readonly caller?: string; readonly retryAfterMs?: number; readonly cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.name = 'AuthenticationError';
    this.code = code;
    this.caller = caller;
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * Authenticates the caller by its `Authorization` header, synchronously if possible.
 * Throws, or rejects with, an `AuthenticationError`.
 */
export type Authenticate = (authorization: string | undefined) => Caller | Promise<Caller>;

const MAX_CREDENTIAL_LENGTH = 16_384;

/** The credential in `Bearer <credential>` (RFC 6750). Throws an `AuthenticationError` that never quotes it. */
export function bearer(authorization: string | undefined): string {
  if (authorization === undefined || authorization === '')
    throw new AuthenticationError(
      'UNAUTHENTICATED',
      'The request has no credentials. Send the header "Authorization: Bearer <key or token>", or connectionParams.authorization on a WebSocket.',
    );
  const credential = /^bearer +([\w.~+/=-]+)$/i.exec(authorization.trim())?.[1];
  if (credential === undefined || credential.length > MAX_CREDENTIAL_LENGTH)
    throw new AuthenticationError(
      'UNAUTHENTICATED',
      'The authorization is malformed. Expected "Bearer <key or token>".',
    );
  return credential;
}
