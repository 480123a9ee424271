/** A GraphQL error as a gateway sends it. */
export interface GraphQLErrorLike {
  readonly message: string;
  readonly path?: readonly (string | number)[] | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

export interface WatchErrorDetails {
  readonly code: string;
  readonly retryable: boolean;
  readonly retryAfterMs?: number | undefined;
  readonly errors?: readonly GraphQLErrorLike[] | undefined;
  readonly cause?: unknown;
}

/**
 * Why a table is not live: the reason of an interruption, or of its end. `code` is one of the gateway's
 * (docs/errors.md), or `NETWORK_ERROR`, `CONNECTION_CLOSED`, `IDLE_TIMEOUT`, `HTTP_ERROR`, `CLIENT_DISPOSED`,
 * `INVALID_EVENT`.
 */
export class WatchError extends Error {
  readonly code: string;
  /** Whether the table reconnects by itself. */
  readonly retryable: boolean;
  /** The time that the gateway asks to wait, in ms. */
  readonly retryAfterMs: number | undefined;
  /** The gateway's errors. */
  readonly errors: readonly GraphQLErrorLike[];

  constructor(message: string, { code, retryable, retryAfterMs, errors = [], cause }: WatchErrorDetails) {
    super(message, cause === undefined ? {} : { cause });
    this.name = 'WatchError';
    this.code = code;
    this.retryable = retryable;
    this.retryAfterMs = retryAfterMs;
    this.errors = errors;
  }
}

/** What to do about errors whose messages do not say it in terms of this client. */
const actions: Readonly<Record<string, string>> = {
  UNAUTHENTICATED: 'Pass valid credentials in `headers` or `connectionParams`, then call `retry()`.',
  FORBIDDEN: 'Use credentials with the missing scopes, then call `retry()`.',
  UNKNOWN_PRINCIPAL: 'Watch again with another `principal`.',
  ACCESS_LOST: 'Then call `retry()`: the table continues from its cursor.',
  NOT_IN_ORGANIZATION: 'Watch again with another `principal`.',
  GRAPHQL_PARSE_FAILED: 'Correct the document, and watch again.',
  GRAPHQL_VALIDATION_FAILED: 'Correct the document, and watch again.',
  BAD_USER_INPUT: 'Correct the variables, and watch again.',
  INTERNAL_SERVER_ERROR: 'Report it with its `errorId`; `retry()` tries again.',
};

/**
 * Creates the error of a result, from the first of its GraphQL errors. `fallback` applies where its `extensions` say
 * nothing: an error with a code is retryable only if it says so.
 */
export function errorOfResult(
  errors: readonly GraphQLErrorLike[],
  fallback: Pick<WatchErrorDetails, 'retryable' | 'retryAfterMs'> = { retryable: false },
): WatchError {
  const [{ message, extensions = {} } = { message: 'The gateway sent an empty list of errors.' }] = errors;
  const { code, retryAfterMs = fallback.retryAfterMs } = extensions;
  const { retryable = code === undefined && fallback.retryable } = extensions;
  const action = retryable === true ? '' : (actions[String(code)] ?? 'Correct the cause, then call `retry()`.');
  return new WatchError(`${message} ${action}`.trim(), {
    code: typeof code === 'string' ? code : 'HTTP_ERROR',
    retryable: retryable === true,
    retryAfterMs: typeof retryAfterMs === 'number' ? retryAfterMs : undefined,
    errors,
  });
}

export const networkError = (cause: unknown): WatchError => {
  const reason = (cause as { readonly message?: unknown } | null)?.message;
  const detail = typeof reason === 'string' && reason !== '' ? `: ${reason}` : '';
  return new WatchError(`The connection to the gateway failed${detail}.`, {
    code: 'NETWORK_ERROR',
    retryable: true,
    cause,
  });
};

export const connectionClosed = (): WatchError =>
  new WatchError('The connection was closed.', { code: 'CONNECTION_CLOSED', retryable: true });

export const invalidEvent = (message: string): WatchError =>
  new WatchError(message, { code: 'INVALID_EVENT', retryable: false });
