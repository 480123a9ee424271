import { once } from 'node:events';
import { WebSocket } from 'ws';

export interface Message {
  readonly type: string;
  readonly id?: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into payloads of any shape.
  readonly payload?: any;
}

/** A bare graphql-transport-ws connection: what is sent and received is what the test says, so protocol rules can be tested. */
export class RawConnection {
  readonly received: Message[] = [];
  readonly socket: WebSocket;
  readonly closed: Promise<{ code: number; reason: string }>;
  #waiting: ((message: Message) => void) | undefined;

  constructor(
    url: string,
    options: { headers?: Record<string, string>; protocol?: string; localAddress?: string } = {},
  ) {
    this.socket = new WebSocket(url.replace('http', 'ws'), options.protocol ?? 'graphql-transport-ws', {
      headers: options.headers ?? {},
      ...(options.localAddress !== undefined && { localAddress: options.localAddress }),
    });
    this.socket.on('error', () => {});
    this.closed = new Promise((resolve) => {
      this.socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
    this.socket.on('message', (data) => {
      const message = JSON.parse(data.toString());
      if (this.#waiting) {
        const waiting = this.#waiting;
        this.#waiting = undefined;
        waiting(message);
      } else this.received.push(message);
    });
  }

  static async open(url: string, connectionParams?: object, options = {}): Promise<RawConnection> {
    const connection = new RawConnection(url, options);
    await once(connection.socket, 'open');
    connection.send({ type: 'connection_init', ...(connectionParams && { payload: connectionParams }) });
    const ack = await connection.next();
    if (ack.type !== 'connection_ack') throw new Error(`expected connection_ack, got ${JSON.stringify(ack)}`);
    return connection;
  }

  send(message: object | string): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  subscribe(id: string, query: string, extensions?: object): void {
    this.send({ id, type: 'subscribe', payload: { query, ...(extensions && { extensions }) } });
  }

  /** The next message, in order. */
  next(): Promise<Message> {
    const message = this.received.shift();
    if (message) return Promise.resolve(message);
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  [Symbol.dispose](): void {
    this.socket.terminate();
  }
}
