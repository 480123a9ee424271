import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | number | undefined>>;
  /** 2 is an error. */
  readonly status: number;
}

interface JsonSpan extends Omit<ReceivedSpan, 'attributes' | 'status'> {
  readonly attributes: { key: string; value: { stringValue?: string; intValue?: number } }[];
  readonly status: { code: number };
}

/** A collector of traces on loopback that understands OTLP's JSON, and keeps what it was sent. */
export async function startOtlpReceiver() {
  const spans: ReceivedSpan[] = [];
  const requests: { path: string | undefined; type: string | undefined; bytes: number; text: string }[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const type = request.headers['content-type'];
    requests.push({ path: request.url, type, bytes: body.length, text: body.toString() });
    if (type === 'application/json') {
      for (const { scopeSpans } of JSON.parse(body.toString()).resourceSpans) {
        for (const scope of scopeSpans) spans.push(...scope.spans.map(received));
      }
    }
    response
      .writeHead(200, { 'content-type': type ?? 'application/json' })
      .end(type === 'application/json' ? '{}' : '');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function received({ attributes, status, traceId, spanId, parentSpanId, name }: JsonSpan): ReceivedSpan {
  return {
    traceId,
    spanId,
    parentSpanId: parentSpanId || undefined,
    name,
    attributes: Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue])),
    status: status.code,
  };
}
