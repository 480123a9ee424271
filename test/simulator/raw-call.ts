import type { OperationName } from '../../src/simulator/model/operations.ts';

export interface RawRequest {
  readonly operation?: string;
  readonly accountId?: string;
  readonly region?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface RawReply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export const authorization = (accountId: string, region = 'us-east-1', service = 'organizations') =>
  `AWS4-HMAC-SHA256 Credential=${accountId}/20260101/${region}/${service}/aws4_request, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`;

/** Sends a request without an SDK, which would prevent invalid requests. */
export async function send(url: string, request: RawRequest): Promise<RawReply> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSOrganizationsV20161128.${request.operation ?? 'DescribeOrganization'}`,
      'x-amz-date': '20260101T000000Z',
      authorization: authorization(request.accountId ?? '111111111111', request.region),
      ...request.headers,
    },
    body: request.body ?? '{}',
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

export interface Outcome {
  /** The exception's name, followed by its reason if it has one. Undefined if the call succeeded. */
  readonly error?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly output: Readonly<Record<string, unknown>>;
}

/** Calls an operation with any input. */
export async function attempt(
  url: string,
  accountId: string,
  operation: OperationName,
  input: unknown,
  region?: string,
): Promise<Outcome> {
  const { status, text } = await send(url, {
    operation,
    accountId,
    body: JSON.stringify(input),
    ...(region !== undefined && { region }),
  });
  const output = text === '' ? {} : JSON.parse(text);
  if (status === 200) return { output };
  return {
    error: output.__type,
    ...(output.Reason !== undefined && { reason: output.Reason }),
    message: output.Message,
    output,
  };
}
