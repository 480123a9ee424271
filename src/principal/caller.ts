import type { Scope } from '../config/auth.ts';

/** Who sent a request, what it may do, and as whom. */
export interface Caller {
  readonly name: string;
  readonly scopes: ReadonlySet<Scope>;
  /** Names of the principals that it may use, the default first; undefined = all. */
  readonly principals: readonly string[] | undefined;
  /** Until when it is known to be who it says, in ms since the epoch; Infinity = for good. */
  readonly expiresAt: number;
}

/** A request whose sender is not known, or has no part in this gateway. */
export class AuthenticationError extends Error {
  /**
   * `UNAUTHENTICATED`: show who you are; `FORBIDDEN`: known, and not allowed anything;
   * `AUTHENTICATION_UNAVAILABLE`: the issuer's keys cannot be had at the moment; `TOO_MANY_FAILED_ATTEMPTS`: wrong, after many others.
   */
  readonly code: 'UNAUTHENTICATED' | 'FORBIDDEN' | 'AUTHENTICATION_UNAVAILABLE' | 'TOO_MANY_FAILED_ATTEMPTS';
  /** The caller's name, where its credential is genuine and rejected nevertheless. */
  readonly caller: string | undefined;
  /** When it makes sense to try again, in ms. */
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
 * Finds the caller by the value of an `Authorization` header, if there is one: at once where nothing has to be waited for.
 * Throws, or rejects with, an `AuthenticationError`.
 */
export type Authenticate = (authorization: string | undefined) => Caller | Promise<Caller>;

const MOST_CREDENTIAL_LENGTH = 16_384;

/** The credential in `Bearer <credential>` (RFC 6750). Throws an `AuthenticationError` that never quotes it. */
export function bearer(authorization: string | undefined): string {
  if (authorization === undefined || authorization === '')
    throw new AuthenticationError(
      'UNAUTHENTICATED',
      'This gateway wants to know who calls: send the header "Authorization: Bearer <key or token>", or connectionParams.authorization on a WebSocket.',
    );
  const credential = /^bearer +([\w.~+/=-]+)$/i.exec(authorization.trim())?.[1];
  if (credential === undefined || credential.length > MOST_CREDENTIAL_LENGTH)
    throw new AuthenticationError('UNAUTHENTICATED', 'The authorization is not of the form "Bearer <key or token>".');
  return credential;
}
