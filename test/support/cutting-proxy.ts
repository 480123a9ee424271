import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';

export interface CuttingProxy extends AsyncDisposable {
  readonly url: string;
  /** The number of connections since the start. */
  readonly connections: number;
  /** Destroys the next connection when the server has sent this number of bytes; the rest is not delivered. */
  cutNextAfter(bytes: number): void;
  /** Destroys the open connections. */
  cut(): void;
}

/** Forwards TCP connections to the server of `url`, and breaks them as a network does. */
export async function startCuttingProxy(url: string): Promise<CuttingProxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let connections = 0;
  let limit = Number.POSITIVE_INFINITY;
  const destroyAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  const server = createServer((client) => {
    connections += 1;
    let left = limit;
    limit = Number.POSITIVE_INFINITY;
    const upstream = connect(Number(target.port), target.hostname);
    const end = () => {
      sockets.delete(client);
      client.destroy();
      upstream.destroy();
    };
    sockets.add(client);
    for (const socket of [client, upstream]) socket.on('close', end).on('error', end);
    client.pipe(upstream);
    upstream.on('data', (chunk: Buffer) => {
      client.write(chunk.subarray(0, Math.max(0, left)), () => left < 0 && end());
      left -= chunk.length;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: Object.assign(new URL(url), { port }).href,
    get connections() {
      return connections;
    },
    cutNextAfter(bytes) {
      limit = bytes;
    },
    cut: destroyAll,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        destroyAll();
      }),
  };
}
