import {
  bareCause,
  CredentialsError,
  connectTimeout,
  describeFailure,
  type Failure,
  isTlsCode,
} from '../principal/failure.ts';
import { UpstreamError } from './errors.ts';
import type { OperationName } from './operation-types.ts';
import { ReplyError } from './reply-error.ts';

/** A failed call, with what the rest of this folder needs to know about it. */
export interface FailedCall {
  readonly kind: Failure['kind'] | 'invalid' | 'timeout' | 'aborted';
  readonly error: UpstreamError;
}

export interface CallContext {
  readonly operation: OperationName;
  readonly principalName: string;
  /** Where the call went, if it got that far. */
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

/** AWS's own words, unless they advise to repeat a write that may have been carried out. */
function serverFault({ message, name }: Failure, operation: OperationName): string {
  const isAdvice = message !== undefined && !isRead(operation) && /\bagain\b|\bretry\b/i.test(message);
  const words = isAdvice ? undefined : message;
  return `${words ?? `AWS Organizations answered ${operation} with ${name}.`}${doubt(operation)}`;
}

/** What came, in short. */
const answerOf = ({ status, contentType }: Failure): string =>
  `HTTP ${status}${contentType === undefined ? '' : `, ${contentType}`}`;

/** No answer within `upstream.callTimeoutMs`. */
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

/** What nobody knows after a write whose answer is lost; nothing for a read. */
export const doubt = (operation: OperationName | 'GetCallerIdentity'): string =>
  isRead(operation) ? '' : ' AWS may have carried it out: look at the present state before trying again.';

function advice(code: string): string {
  if (isTlsCode(code)) return "Check the endpoint's certificate, and NODE_EXTRA_CA_CERTS if it is not a public one.";
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return "Its name was not found: check the network, and the principal's endpoint and region (AWS_ENDPOINT_URL_ORGANIZATIONS, AWS_REGION).";
  }
  if (code === connectTimeout) return 'Check the network, and proxies and firewalls on the way.';
  return "Check the network and the principal's endpoint (AWS_ENDPOINT_URL_ORGANIZATIONS), and that something listens there.";
}
