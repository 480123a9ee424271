import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** Stands before an endpoint and changes the bodies of its replies: an emulator that answers otherwise. `instead`: answers in its place, if it does. */
export async function startRewritingProxy(
  target: string,
  rewrite: (operation: string, reply: unknown) => unknown,
  instead: (operation: string) => unknown = () => undefined,
): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer((request, response) => {
    (async () => {
      const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
      const own = instead(operation);
      if (own !== undefined) {
        response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(own));
        return;
      }
      const reply = await fetch(target, {
        method: 'POST',
        headers: Object.entries(request.headers).flatMap(([name, value]) =>
          typeof value === 'string' && !['host', 'connection', 'content-length'].includes(name) ? [[name, value]] : [],
        ),
        body: await text(request),
      });
      const body = await reply.text();
      const requestId = reply.headers.get('x-amzn-requestid');
      response.writeHead(reply.status, {
        'content-type': 'application/x-amz-json-1.1',
        ...(requestId !== null && { 'x-amzn-requestid': requestId }),
      });
      response.end(reply.ok && body !== '' ? JSON.stringify(rewrite(operation, JSON.parse(body))) : body);
    })().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
