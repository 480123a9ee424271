import type { ServiceError } from '../service-error.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const contentType = 'application/x-amz-json-1.1';

/** The body is empty if the operation has no output. */
export function successReply(requestId: string, output: unknown): Reply {
  const body = output === undefined ? '' : JSON.stringify(output);
  return { status: 200, headers: { 'content-type': contentType, 'x-amzn-requestid': requestId }, body };
}

export function errorReply(requestId: string, error: ServiceError): Reply {
  return {
    status: error.status,
    headers: { 'content-type': contentType, 'x-amzn-requestid': requestId, 'x-amzn-errortype': error.name },
    body: JSON.stringify({
      __type: error.name,
      Message: error.message,
      ...(error.reason !== undefined && { Reason: error.reason }),
      // TooManyRequestsException is the only exception with a member of its own.
      ...(error.name === 'TooManyRequestsException' && { Type: 'Client' }),
    }),
  };
}
