// Clients that open idle WebSockets.
import { WebSocket } from 'ws';
import { answer } from '../watch/process.ts';

export interface Connect {
  readonly url: string;
  readonly count: number;
  /** Whether clients send `connection_init` and wait for the acknowledgment. */
  readonly says: boolean;
}

const sockets: WebSocket[] = [];

function connect({ url, says }: Connect): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, says ? 'graphql-transport-ws' : [], { perMessageDeflate: false });
    sockets.push(socket);
    socket.once('error', reject);
    socket.once('open', () => (says ? socket.send('{"type":"connection_init"}') : resolve()));
    socket.on('message', (data: Buffer) => data.toString().includes('"connection_ack"') && resolve());
  });
}

answer({
  async connect(argument) {
    const wanted = argument as Connect;
    for (let left = wanted.count; left > 0; left -= 100)
      await Promise.all(Array.from({ length: Math.min(left, 100) }, () => connect(wanted)));
  },
});
