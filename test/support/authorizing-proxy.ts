import { createServer, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands before a gateway and adds a caller's credentials to each request, as a proxy with single sign-on does. */
export async function startAuthorizingProxy(
  target: string,
  authorization: string,
): Promise<AsyncDisposable & { readonly origin: string }> {
  const { hostname, port, host } = new URL(target);
  const optionsOf = ({ method, url, headers }: IncomingMessage): RequestOptions => ({
    ...{ hostname, port, method, path: url },
    headers: { ...headers, host, authorization, ...(headers.origin && { origin: `http://${host}` }) },
  });
  const server = createServer((request, response) => {
    const forwarded = httpRequest(optionsOf(request), (reply) => {
      response.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(response);
    });
    forwarded.on('error', () => response.destroy());
    request.pipe(forwarded);
  });
  const sockets = new Set<{ destroy(): void }>();
  server.on('upgrade', (request, socket) => {
    const forwarded = httpRequest(optionsOf(request));
    forwarded.on('upgrade', ({ rawHeaders }, upstream) => {
      sockets.add(socket).add(upstream);
      const lines = rawHeaders.map((text, at) => (at % 2 === 0 ? `${text}: ` : `${text}\r\n`)).join('');
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines}\r\n`);
      socket.pipe(upstream).pipe(socket);
      socket.on('error', () => upstream.destroy());
      upstream.on('error', () => socket.destroy());
    });
    forwarded.on('error', () => socket.destroy());
    forwarded.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        for (const socket of sockets) socket.destroy();
      }),
  };
}
