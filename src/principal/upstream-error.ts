/**
 * Codes that are not AWS exceptions: the call never reached AWS, or no answer came back.
 * An AWS exception's code is its name, e.g. `AccountNotFoundException`.
 */
export type TransportCode =
  /** The upstream could not be reached, or broke the connection. */
  | 'UPSTREAM_UNAVAILABLE'
  /** No answer within `upstream.callTimeoutMs`, or the wait for the rate budget would pass the deadline. */
  | 'UPSTREAM_TIMEOUT'
  /** The answer could not be understood. */
  | 'UPSTREAM_BAD_RESPONSE'
  /** AWS refused the credentials themselves (no credentials found, expired token, unknown key, bad signature). */
  | 'UPSTREAM_CREDENTIALS'
  /** The caller has disconnected. */
  | 'ABORTED';

export interface UpstreamErrorDetails {
  readonly code: string;
  readonly reason?: string | undefined;
  /** An operation of AWS Organizations, or STS's GetCallerIdentity. */
  readonly operation: string;
  readonly requestId?: string | undefined;
  /** True when the same call may succeed later, unchanged, and does nothing twice. */
  readonly retryable: boolean;
  /** For the log. May hold what a caller must not see, so it never goes into a reply. */
  readonly cause?: unknown;
}

/**
 * The only error that src/principal and src/upstream throw. `message` is safe to show to the caller. It is defined here
 * as principals call AWS (STS), too, and imports go from upstream to principal.
 */
export class UpstreamError extends Error {
  readonly code: string;
  readonly reason: string | undefined;
  readonly operation: string;
  readonly requestId: string | undefined;
  readonly retryable: boolean;

  constructor(message: string, details: UpstreamErrorDetails) {
    super(message, { cause: details.cause });
    this.name = 'UpstreamError';
    this.code = details.code;
    this.reason = details.reason;
    this.operation = details.operation;
    this.requestId = details.requestId;
    this.retryable = details.retryable;
  }
}
