// The baseline of a WebSocket server: it keeps sockets and sends each the same text.
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { answer, spent, used } from './process.ts';

const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
server.on('connection', (socket) => socket.on('error', () => {}));

answer({
  url: () => `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
  /** Returns the start of the broadcast, in ms since the epoch. */
  broadcast(text) {
    const at = Date.now();
    for (const socket of server.clients) socket.send(String(text));
    return at;
  },
  used,
  spent,
});
