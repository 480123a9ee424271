import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface RecordedRequest {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface CannedReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface RecordedAws extends AsyncDisposable {
  readonly url: string;
  /** The reply to all further requests. */
  reply: CannedReply;
  /** All requests, the oldest first. Tests clear it. */
  readonly requests: RecordedRequest[];
}

/** An endpoint that sends a set reply and records the requests. */
export async function startRecordedAws(): Promise<RecordedAws> {
  const requests: RecordedRequest[] = [];
  const server = createServer(async (request, response) => {
    const { method, url, headers } = request;
    requests.push({ method, url, headers, body: await text(request) });
    response.writeHead(aws.reply.status, aws.reply.headers).end(aws.reply.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const aws: RecordedAws = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    reply: { status: 200, headers: {}, body: '{}' },
    requests,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return aws;
}
