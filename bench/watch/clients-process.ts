// Ten thousand subscribers, as cheap as possible, so that their cost is not counted as the server's.
import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import { answer } from './process.ts';

const sockets: WebSocket[] = [];
const QUERY =
  'subscription { organizationHandshakeChanges { cursor type reset previousState handshake { id action state } observedAt } }';

let expected = 0;
let received = 0;
let last = '';
let all: (() => void) | undefined;

function hear(text: string): void {
  received += 1;
  if (received < expected) return;
  last = text;
  all?.();
}

/** Resolves when the socket is open and, if it subscribes, has received the initial snapshot. */
function connect(url: string, subscribes: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, subscribes ? 'graphql-transport-ws' : [], { perMessageDeflate: false });
    sockets.push(socket);
    socket.once('error', reject);
    let ready = false;
    socket.once('open', () => {
      if (subscribes) return socket.send('{"type":"connection_init"}');
      ready = true;
      return resolve();
    });
    socket.on('message', (data: Buffer) => {
      const text = data.toString();
      if (ready) return hear(text);
      if (text.includes('"connection_ack"')) {
        // The id is unique, as with graphql-ws's client.
        return socket.send(JSON.stringify({ id: randomUUID(), type: 'subscribe', payload: { query: QUERY } }));
      }
      if (text.includes('"errors"') || text.includes('"type":"error"')) return reject(new Error(text));
      if (text.includes('"BOOKMARK"')) {
        ready = true;
        return resolve();
      }
      return undefined;
    });
  });
}

answer({
  async connect(argument) {
    const { url, count, subscribes } = argument as { url: string; count: number; subscribes: boolean };
    for (let left = count; left > 0; left -= 100) {
      await Promise.all(Array.from({ length: Math.min(left, 100) }, () => connect(url, subscribes)));
    }
  },
  /** Prepares for one message to each socket. */
  expect() {
    expected = sockets.length;
    received = 0;
  },
  /** Returns the time at which the last socket received the message, in ms since the epoch, and its text. */
  async allReceived() {
    if (received < expected) {
      await new Promise<void>((resolve) => {
        all = resolve;
      });
    }
    return { at: Date.now(), text: last };
  },
  disconnect() {
    for (const socket of sockets.splice(0)) socket.terminate();
  },
});
