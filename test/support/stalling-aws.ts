import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

/** The point at which the exchange stalls. */
export const stalls = {
  'takes the connection and reads nothing': { reads: false, sends: '' },
  'reads the request and says nothing': { reads: true, sends: '' },
  'breaks off in the status line': { reads: true, sends: 'HTTP/1.1 20' },
  'breaks off in the headers': { reads: true, sends: 'HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-' },
  'sends the headers alone': { reads: true, sends: head(200, 100) },
  'sends half the body': { reads: true, sends: `${head(200, 100)}{"Roots":[{"Id"` },
  'sends half a chunked body': { reads: true, sends: `${head(200)}5\r\n{"Roo\r\n` },
  'sends a refusal without its body': { reads: true, sends: head(400, 100) },
  'sends a byte now and then, and never an end': { reads: true, sends: head(200), drips: true },
} as const;

export type Stall = (typeof stalls)[keyof typeof stalls];

function head(status: number, length?: number): string {
  const framing = length === undefined ? 'transfer-encoding: chunked' : `content-length: ${length}`;
  return `HTTP/1.1 ${status} Whatever\r\ncontent-type: application/x-amz-json-1.1\r\n${framing}\r\n\r\n`;
}

/** What the connection does after the bytes sent: stay open, end (FIN) or reset (RST). */
export type After = 'silence' | 'end' | 'reset';

export interface StallingAws extends AsyncDisposable {
  readonly url: string;
  /** Resolves when so many connections, all in all, have got as far as they get. */
  reached(count: number): Promise<void>;
  /** Connections that are open. */
  readonly open: number;
  /** Resolves when no connection is open. */
  allClosed(): Promise<void>;
}

/** A server in the place of AWS that stalls at a chosen point. */
export async function startStallingAws(
  stall: Stall,
  { after = 'silence', port = 0 }: { readonly after?: After; readonly port?: number } = {},
): Promise<StallingAws> {
  const sockets = new Set<Socket>();
  let reached = 0;
  let look = () => {};
  const server = createServer((socket) => {
    sockets.add(socket);
    let drip: NodeJS.Timeout | undefined;
    socket.on('error', () => {});
    socket.on('close', () => {
      clearInterval(drip);
      sockets.delete(socket);
      look();
    });
    const go = () => {
      if (stall.sends !== '') socket.write(stall.sends);
      if ('drips' in stall) drip = setInterval(() => socket.write('1\r\n \r\n'), 5);
      if (after === 'end') socket.end();
      if (after === 'reset') socket.resetAndDestroy();
      reached += 1;
      look();
    };
    if (!stall.reads) go();
    else void once(socket, 'data').then(go, () => {});
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const until = (condition: () => boolean) =>
    new Promise<void>((resolve) => {
      const before = look;
      look = () => {
        before();
        if (condition()) resolve();
      };
      look();
    });
  return {
    url: `http://127.0.0.1:${address.port}`,
    reached: (count) => until(() => reached >= count),
    get open() {
      return sockets.size;
    },
    allClosed() {
      // A socket that is not read does not report its end.
      for (const socket of sockets) socket.resume();
      return until(() => sockets.size === 0);
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
