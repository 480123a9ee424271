import {
  bareCause,
  CredentialsError,
  connectTimeout,
  describeFailure,
  type Failure,
  isTlsCode,
} from '../principal/failure.ts';
import { UpstreamError } from '../principal/upstream-error.ts';
import { ReplyError } from './check-reply.ts';
import type { CancelReason } from './clock.ts';
import { isReadName, operations } from './operations.ts';
import type { OperationName } from './types.ts';

/** Whether AWS would answer the same again: "not found", for example, but nothing that passes. */
export function isFinal(error: UpstreamError): boolean {
  return !error.retryable && error.code !== 'ABORTED';
}

/** Whether a read failed because its object does not exist: null in the graph, rather than an error. */
export function isNotFound(error: unknown): error is UpstreamError & { readonly operation: OperationName } {
  if (!(error instanceof UpstreamError) || !isReadName(error.operation)) return false;
  const notFound: readonly string[] = operations[error.operation].notFound;
  return notFound.includes(error.code);
}

/** A failed call, with what retries depend on. */
export interface FailedCall {
  readonly kind: Failure['kind'] | 'invalid' | 'timeout' | 'aborted';
  readonly error: UpstreamError;
}

export interface CallContext {
  readonly operation: OperationName;
  readonly principalName: string;
  /** The host and port of the call, if it was sent. */
  readonly host: string | undefined;
}

export const isRead = (operation: OperationName | 'GetCallerIdentity'): boolean =>
  /^(Describe|List|Get)/.test(operation);

export function failedCall(cause: unknown, context: CallContext): FailedCall {
  const failure = describeFailure(cause);
  const { kind, name, requestId, reason } = failure;
  const { operation } = context;
  const error = (code: string, message: string, retryable: boolean): FailedCall => ({
    kind,
    error: new UpstreamError(message, { code, reason, operation, requestId, retryable, cause: bareCause(cause) }),
  });
  const at = context.host === undefined ? '' : ` at ${context.host}`;
  if (cause instanceof ReplyError) {
    const message = `AWS Organizations${at} answered ${operation} with a reply that is not valid: ${cause.message}.${doubt(operation)}`;
    return { ...error('UPSTREAM_BAD_RESPONSE', message, isRead(operation)), kind: 'invalid' };
  }
  switch (kind) {
    case 'throttled':
    case 'busy':
      return error(name, failure.message ?? `AWS Organizations answered ${operation} with ${name}.`, true);
    case 'server':
      return error(name, serverFault(failure, operation), isRead(operation));
    case 'refused':
      return error(name, failure.message ?? `AWS Organizations answered ${operation} with ${name}.`, false);
    case 'skewed':
      return error('UPSTREAM_CREDENTIALS', `${wrongTime} Set this machine's clock and try again.`, true);
    case 'expired':
    case 'credentials':
      return error(
        'UPSTREAM_CREDENTIALS',
        failure.message ??
          `AWS refused the credentials of principal "${context.principalName}" (${name}). Check or renew them, ` +
            'and check that they belong to the endpoint and region that are configured.',
        cause instanceof CredentialsError && cause.retryable,
      );
    case 'unsent':
      return error(
        'UPSTREAM_UNAVAILABLE',
        `AWS Organizations could not be reached${at} (${name}). ${advice(name)}`,
        true,
      );
    case 'broken':
      return error(
        'UPSTREAM_UNAVAILABLE',
        `The connection to AWS Organizations${at} broke before ${operation} was answered (${name}).${doubt(operation)}`,
        isRead(operation),
      );
    case 'proxy':
      return error(
        'UPSTREAM_UNAVAILABLE',
        `Not AWS Organizations, but something on the way to it, such as a load balancer or proxy, answered ${operation}${at}: ` +
          `${answerOf(failure)}. ${isRead(operation) ? 'Try again; if that does not help, check' : 'Check'} ` +
          `proxies on the way and the principal's endpoint.${doubt(operation)}`,
        isRead(operation),
      );
    case 'cut':
      return error(
        'UPSTREAM_BAD_RESPONSE',
        `The answer to ${operation} from AWS Organizations${at} broke off (${name}).${doubt(operation)}`,
        isRead(operation),
      );
    case 'garbled':
      return error(
        'UPSTREAM_BAD_RESPONSE',
        `What answered ${operation}${at} did not speak as AWS Organizations does` +
          `${failure.status === undefined ? '' : ` (${answerOf(failure)})`}. Check the principal's endpoint, ` +
          `AWS_ENDPOINT_URL_ORGANIZATIONS, and proxies on the way.${doubt(operation)}`,
        isRead(operation),
      );
  }
}

/** AWS's message, unless it advises to repeat a write that may have been carried out. */
function serverFault({ message, name }: Failure, operation: OperationName): string {
  const isAdvice = message !== undefined && !isRead(operation) && /\bagain\b|\bretry\b/i.test(message);
  const words = isAdvice ? undefined : message;
  return `${words ?? `AWS Organizations answered ${operation} with ${name}.`}${doubt(operation)}`;
}

/** A summary of the reply. */
const answerOf = ({ status, contentType }: Failure): string =>
  `HTTP ${status}${contentType === undefined ? '' : `, ${contentType}`}`;

/** A call without a reply within `upstream.callTimeoutMs`. */
export function timedOutCall(callTimeoutMs: number, { operation, host }: CallContext): FailedCall {
  const at = host === undefined ? '' : ` at ${host}`;
  const message =
    `AWS Organizations${at} did not answer ${operation} within ${seconds(callTimeoutMs)} (upstream.callTimeoutMs). ` +
    `Check the network and the endpoint.${doubt(operation)}`;
  return {
    kind: 'timeout',
    error: new UpstreamError(message, { code: 'UPSTREAM_TIMEOUT', operation, retryable: isRead(operation) }),
  };
}

export const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`;

const wrongTime = "AWS refused the request's time.";

/** The warning after a write whose reply is lost; empty for a read. */
const doubt = (operation: OperationName | 'GetCallerIdentity'): string =>
  isRead(operation) ? '' : ' AWS may have carried it out: look at the present state before trying again.';

function advice(code: string): string {
  if (isTlsCode(code)) return "Check the endpoint's certificate, and NODE_EXTRA_CA_CERTS if it is not a public one.";
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return "Its name was not found: check the network, and the principal's endpoint and region (AWS_ENDPOINT_URL_ORGANIZATIONS, AWS_REGION).";
  }
  if (code === connectTimeout) return 'Check the network, and proxies and firewalls on the way.';
  return "Check the network and the principal's endpoint (AWS_ENDPOINT_URL_ORGANIZATIONS), and that something listens there.";
}

/** The error of a call, to AWS Organizations or STS, that was in flight or waiting when its session ended. */
export function canceledError(
  reason: CancelReason,
  operation: OperationName | 'GetCallerIdentity',
  sent: boolean,
): UpstreamError {
  if (reason === 'aborted') {
    return new UpstreamError('The caller went away.', { code: 'ABORTED', operation, retryable: false });
  }
  // A write that was sent may have taken effect: sending it again may do it twice.
  const doubtful = sent ? doubt(operation) : '';
  return new UpstreamError(
    `${operation} was ${sent ? 'not answered' : "still waiting for AWS's rate limit"} when the time for the request was over ` +
      `(upstream.deadlineMs).${doubtful || ' Ask for less at a time, or try again later.'}`,
    { code: 'UPSTREAM_TIMEOUT', operation, retryable: doubtful === '' },
  );
}

/** The error of a call that was in flight when the gateway closed, or was made after that. */
export function closingError(operation: OperationName, sent = false): UpstreamError {
  const doubtful = sent ? doubt(operation) : '';
  return new UpstreamError(`The gateway is closing.${doubtful}`, {
    code: 'UPSTREAM_UNAVAILABLE',
    operation,
    retryable: doubtful === '',
  });
}
