import { UpstreamError } from './errors.ts';
import { doubt } from './failures.ts';
import type { Ending } from './lifetime.ts';
import type { OperationName } from './operation-types.ts';

/** What a session's caller is told about a call, to AWS Organizations or STS, that was not over when the session ended. */
export function endingError(
  ending: Ending,
  operation: OperationName | 'GetCallerIdentity',
  sent: boolean,
): UpstreamError {
  if (ending === 'aborted') {
    return new UpstreamError('The caller went away.', { code: 'ABORTED', operation, retryable: false });
  }
  // Nobody knows what became of a write that has left: to send it again may do it twice.
  const doubtful = sent ? doubt(operation) : '';
  return new UpstreamError(
    `${operation} was ${sent ? 'not answered' : "still waiting for AWS's rate limit"} when the time for the request was over ` +
      `(upstream.deadlineMs).${doubtful || ' Ask for less at a time, or try again later.'}`,
    { code: 'UPSTREAM_TIMEOUT', operation, retryable: doubtful === '' },
  );
}

/** The error of a call that was not over, or came, when the gateway closed. */
export function closingError(operation: OperationName, sent = false): UpstreamError {
  const doubtful = sent ? doubt(operation) : '';
  return new UpstreamError(`The gateway is closing.${doubtful}`, {
    code: 'UPSTREAM_UNAVAILABLE',
    operation,
    retryable: doubtful === '',
  });
}
