/**
 * What went wrong with a call to AWS, by codes and names alone: an SDK's or Node's message is never parsed.
 *
 * - `throttled`: AWS refused the call for its rate; nothing happened there.
 * - `busy`: AWS refused the call for something that is still in progress, such as another change of the same thing;
 *   nothing happened there.
 * - `skewed`: AWS refused the signature's time, and the SDK has corrected its clock since.
 * - `expired`: AWS says that the session of the credentials has expired; nothing happened there.
 * - `refused`: AWS answered with any other exception of the caller's making.
 * - `credentials`: no credentials could be had, or AWS refused them.
 * - `unsent`: the request certainly never reached AWS.
 * - `broken`: the connection ended early, and whether AWS acted on the request is unknown.
 * - `server`: AWS failed (5xx, or an exception that says so whatever its status), and whether it acted on the request
 *   is unknown.
 * - `proxy`: something on the way to AWS failed and said so (5xx), and whether AWS acted on the request is unknown.
 * - `cut`: the answer broke off in the middle, and whether a write was carried out is unknown.
 * - `garbled`: an answer came, but not one that AWS gives.
 */
export type FailureKind =
  | 'throttled'
  | 'busy'
  | 'skewed'
  | 'expired'
  | 'refused'
  | 'credentials'
  | 'unsent'
  | 'broken'
  | 'server'
  | 'proxy'
  | 'cut'
  | 'garbled';

export interface Failure {
  readonly kind: FailureKind;
  /** The AWS exception's name, or Node's error code. */
  readonly name: string;
  /** AWS's own message, for an AWS exception that has one. */
  readonly message: string | undefined;
  readonly reason: string | undefined;
  readonly requestId: string | undefined;
  readonly status: number | undefined;
  /** The media type of the response, without parameters; undefined if it is none. */
  readonly contentType: string | undefined;
}

/** Raised by a principal's credentials provider. Its message is safe to show; what the provider said is the cause. */
export class CredentialsError extends Error {
  /** True when another attempt may succeed: STS was out of reach, say. */
  readonly retryable: boolean;

  constructor(message: string, details: { readonly cause: unknown; readonly retryable: boolean }) {
    super(message, { cause: details.cause });
    this.name = 'CredentialsError';
    this.retryable = details.retryable;
  }
}

/** The exceptions with which AWS services throttle (the SDK's list, service-error-classification). */
const throttlingNames: ReadonlySet<string> = new Set([
  'BandwidthLimitExceeded',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
]);

/**
 * AWS's own faults, whatever the HTTP status: AWS's JSON protocol distinguishes exceptions by name, and AWS
 * Organizations declares ServiceException without a status, for which 400 is the default. The others are the common
 * errors of AWS's services, in both spellings.
 */
const serverNames: ReadonlySet<string> = new Set([
  'ServiceException',
  'InternalFailure',
  'InternalFailureException',
  'InternalServerError',
  'InternalServerErrorException',
  'InternalServerException',
  'InternalServiceError',
  'InternalServiceErrorException',
  'InternalServiceException',
  'InternalErrorException',
  'ServiceUnavailable',
  'ServiceUnavailableException',
]);

/** Exceptions after which AWS has not carried out the call, and whose documentation says "try again later". */
const busyNames: ReadonlySet<string> = new Set([
  'ConcurrentModificationException',
  'FinalizingOrganizationException',
  'PolicyChangesInProgressException',
]);

/** https://docs.aws.amazon.com/organizations/latest/APIReference/CommonErrors.html, and STS's spelling of the same. */
const credentialNames: ReadonlySet<string> = new Set([
  'IncompleteSignature',
  'IncompleteSignatureException',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'RequestExpired',
  'RequestInTheFuture',
  'RequestTimeTooSkewed',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
]);

/**
 * Of an expired session: https://docs.aws.amazon.com/organizations/latest/APIReference/CommonErrors.html, and STS's
 * spelling.
 */
const expiredNames: ReadonlySet<string> = new Set(['ExpiredToken', 'ExpiredTokenException']);

/** Node's codes of errors that come before a byte of the request is sent. */
const unsentCodes: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'EAI_FAIL',
  'EADDRNOTAVAIL',
  'ECONNREFUSED',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'ENOTFOUND',
]);

/** Failed handshakes of TLS: OpenSSL's verification codes, and Node's own. */
const tlsCodes =
  /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_SELF_SIGNED_CERT$|SELF_SIGNED_CERT_IN_CHAIN$|HOSTNAME_MISMATCH$|EPROTO$)/;

/** Whether a code of Node's stands for a failed TLS handshake: trying again does not help. */
export const isTlsCode = (code: string): boolean => tlsCodes.test(code);

/**
 * This module's name for what the SDK's HTTP handler raises as a `TimeoutError` without a code: no connection in time.
 */
export const connectTimeout = 'connect timeout';

/**
 * Copies name, message, stack and code of an SDK error for the log. Everything else that the SDK attaches is left out:
 * the request with its signed headers and session token, and the socket.
 */
export function bareCause(error: unknown): Error | undefined {
  if (!(error instanceof Error)) return undefined;
  const failure = describeFailure(error);
  const harmless = failure.kind === 'garbled' || failure.kind === 'proxy';
  const message = withholds(failure.kind, error) && !harmless ? '' : error.message;
  const bare = new Error(message, error instanceof CredentialsError ? { cause: error.cause } : {});
  bare.name = error.name;
  const [frames] = /\n +at .*$/s.exec(error.stack ?? '') ?? [''];
  bare.stack = `${error.name}: ${message}${frames}`;
  return 'code' in error ? Object.assign(bare, { code: error.code }) : bare;
}

/** AWS quotes the whole canonical request, session token and all, when a signature does not match. */
const withholds = (kind: FailureKind, error: unknown): boolean =>
  kind === 'garbled' ||
  kind === 'proxy' ||
  kind === 'skewed' ||
  kind === 'expired' ||
  (kind === 'credentials' && !(error instanceof CredentialsError));

export function describeFailure(error: unknown): Failure {
  const fields = typeof error === 'object' && error !== null ? error : {};
  const text = (key: string): string | undefined => {
    const value: unknown = Reflect.get(fields, key);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const name = text('name') ?? 'Error';
  const code = text('code');
  const metadata: unknown = Reflect.get(fields, '$metadata');
  const about = typeof metadata === 'object' && metadata !== null ? metadata : {};
  const status: unknown = Reflect.get(about, 'httpStatusCode');
  const requestId: unknown = Reflect.get(about, 'requestId');
  const skewCorrected = Reflect.get(about, 'clockSkewCorrected') === true;
  const failure = (kind: FailureKind, as = name): Failure => ({
    kind,
    name: as,
    message: withholds(kind, error) || text('message') === 'UnknownError' ? undefined : text('message'),
    reason: text('Reason'),
    requestId: typeof requestId === 'string' ? requestId : undefined,
    status: typeof status === 'number' ? status : undefined,
    contentType: contentTypeOf(Reflect.get(fields, '$response')),
  });
  // Emulators answer 501 for operations that they do not implement. Retries are useless.
  const failed = typeof status === 'number' && status >= 500 && status !== 501;
  /** A response that does not come from AWS. */
  const foreign = () => (failed ? failure('proxy', `HTTP ${status}`) : failure('garbled'));

  if (error instanceof CredentialsError) return failure('credentials');
  // An exception that AWS named carries whose fault it is; parse errors and transport errors do not.
  if (text('$fault') !== undefined) {
    if (throttlingNames.has(name) || status === 429) return failure('throttled');
    if (expiredNames.has(name)) return failure('expired');
    if (credentialNames.has(name)) return failure(skewCorrected ? 'skewed' : 'credentials');
    if (name === 'Unknown' || name === 'UnknownError') return foreign();
    if (busyNames.has(name)) return failure('busy');
    return failure(failed || (serverNames.has(name) && status !== 501) ? 'server' : 'refused');
  }
  if (code !== undefined && (unsentCodes.has(code) || isTlsCode(code))) return failure('unsent', code);
  if (name === 'TimeoutError' && code === undefined) return failure('unsent', connectTimeout);
  if (error instanceof SyntaxError || code?.startsWith('HPE_')) return foreign();
  if (typeof status === 'number') return code === undefined ? foreign() : failure('cut', code);
  return failure('broken', code ?? name);
}

/** The response that the SDK attaches to its errors. */
function contentTypeOf(response: unknown): string | undefined {
  const headers: unknown =
    typeof response === 'object' && response !== null ? Reflect.get(response, 'headers') : undefined;
  const header: unknown =
    typeof headers === 'object' && headers !== null ? Reflect.get(headers, 'content-type') : undefined;
  return typeof header === 'string' ? /^[\w.+-]+\/[\w.+-]+/.exec(header)?.[0] : undefined;
}
