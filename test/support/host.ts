import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { createAdaptorServer } from '@hono/node-server';
import { afterAll, beforeAll } from 'vitest';

/** What a `Handler` and an `EmbeddedServer` have in common. */
interface Embedded {
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean;
  readonly fetch: (request: Request, info: { readonly remoteAddress?: string | undefined }) => Promise<Response>;
  readonly close: () => Promise<void>;
}

/** The server of an application: of `node:http`, or one of the Fetch standard. */
export type Host = 'node:http' | 'fetch';

let host: Host | undefined;

/** Runs the tests of a file of `test/transport`. Their gateways are embedded in such a server, instead of having their own. */
export async function testEmbedded(kind: Host, file: string): Promise<void> {
  beforeAll(() => {
    host = kind;
  });
  afterAll(() => {
    host = undefined;
  });
  // Test files share their modules, and the file's own tests may have run.
  await import(`${join(import.meta.dirname, '..', 'transport', file)}?host=${kind}`);
}

export const isEmbedded = (): boolean => host !== undefined;

/** Serves an embedded gateway at /graphql, as an application does, until it is closed. */
export async function startHost({ handle, upgrade, fetch, close }: Embedded) {
  const server =
    host === 'fetch'
      ? (createAdaptorServer({
          fetch: (request, { incoming }) => fetch(request, { remoteAddress: incoming.socket.remoteAddress }),
        }) as Server)
      : createServer((request, response) => handle(request, response));
  server.on('upgrade', (request, socket, head) => {
    if (!upgrade(request, socket, head)) socket.destroy();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}/graphql`,
    async close() {
      await close();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
