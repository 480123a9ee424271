import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface StaticPage {
  readonly html: string;
  /** By path. */
  readonly files: ReadonlyMap<string, { readonly type: string; readonly body: Buffer }>;
}

/** Serves a page from memory, on loopback. */
export async function serveStatic({ html, files }: StaticPage): Promise<{ url: string } & AsyncDisposable> {
  const page = { type: 'text/html; charset=utf-8', body: Buffer.from(html) };
  const server = createServer(({ url = '' }, response) => {
    const file = url === '/' ? page : files.get(url);
    if (file === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': file.type, 'content-length': file.body.length }).end(file.body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
