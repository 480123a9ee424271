import { Readable } from 'node:stream';
import { NodeHttpHandler } from '@smithy/node-http-handler';

export interface Exchange {
  readonly operation: string;
  readonly input: unknown;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly output: string;
}

type Handle = NodeHttpHandler['handle'];

/** The SDK's HTTP handler, which records requests and replies. */
export class RecordingHandler extends NodeHttpHandler {
  readonly exchanges: Exchange[] = [];

  override async handle(...[request, options]: Parameters<Handle>): ReturnType<Handle> {
    const { response } = await super.handle(request, options);
    const chunks: Buffer[] = [];
    for await (const chunk of response.body) chunks.push(Buffer.from(chunk));
    const output = Buffer.concat(chunks);
    this.exchanges.push({
      operation: (request.headers['x-amz-target'] ?? '').split('.')[1] ?? '',
      input: JSON.parse(typeof request.body === 'string' ? request.body : new TextDecoder().decode(request.body)),
      status: response.statusCode,
      headers: response.headers,
      output: output.toString(),
    });
    response.body = Readable.from([output]);
    return { response };
  }
}
