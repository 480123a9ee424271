// The baseline of a WebSocket server: it keeps sockets.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { answer } from '../watch/process.ts';
import { alive } from './alive.ts';

answer({
  /** Returns its URL. */
  async start() {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    server.on('connection', (socket) => socket.on('error', () => {}));
    await once(server, 'listening');
    return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  },
  alive,
});
