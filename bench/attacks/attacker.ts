import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';

/** The largest document, just below the default of `limits.tokens`. */
export const ALIASES = 190;

/** Misbehaving clients for an attack. Their connections end with the process. */
export class Attacker {
  readonly url: URL;
  /** A valid API key of the attacker; empty if the gateway requires none. */
  readonly key: string;
  /** End of the attack, in ms on the clock of `performance.now()`. */
  readonly endsAt: number;
  /** Number of error responses and of closed or reset connections. */
  refused = 0;
  /** Number of requests, messages or connections. */
  sent = 0;

  constructor(url: string, key: string, seconds: number) {
    this.url = new URL(url);
    this.key = key;
    this.endsAt = performance.now() + seconds * 1_000;
  }

  get over(): boolean {
    return performance.now() >= this.endsAt;
  }

  get leftMs(): number {
    return Math.max(0, this.endsAt - performance.now());
  }

  /** Formats the head of a request with an empty line at its end. An empty `key` omits the credentials. */
  head(method: string, path: string, headers: Readonly<Record<string, string | number>> = {}, key = this.key): string {
    const all = {
      host: this.url.host,
      ...(key !== '' && { authorization: `Bearer ${key}` }),
      ...headers,
    };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`;
  }

  /** Formats a complete POST of an operation. */
  post(params: object | string, headers: Readonly<Record<string, string>> = {}, key = this.key): string {
    const body = typeof params === 'string' ? params : JSON.stringify(params);
    const length = Buffer.byteLength(body);
    return (
      this.head('POST', '/graphql', { 'content-type': 'application/json', 'content-length': length, ...headers }, key) +
      body
    );
  }

  /** Opens a connection, which reads nothing unless `reads`. A connection that the gateway closes counts as refused. */
  socket({ reads = false, from = '127.0.0.1' }: { reads?: boolean; from?: string } = {}): Socket {
    const socket = connect({ host: this.url.hostname, port: Number(this.url.port), localAddress: from });
    this.sent += 1;
    socket.on('error', () => {});
    socket.once('close', () => {
      this.refused += 1;
    });
    if (reads) socket.on('data', (chunk: Buffer) => this.#count(chunk));
    else socket.pause();
    return socket;
  }

  /** Sends requests in sequence on one connection, each after the response before it. Reconnects if it is closed. */
  async requests(make: (turn: number) => string, from = '127.0.0.1'): Promise<void> {
    for (let turn = 0; !this.over; ) {
      const socket = this.socket({ reads: true, from });
      let answered = () => {};
      socket.on('data', (chunk: Buffer) => {
        if (chunk.includes('\r\n\r\n') || chunk.length < 65_536) answered();
      });
      const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
      while (!this.over && !socket.destroyed) {
        const answer = new Promise<void>((resolve) => {
          answered = resolve;
        });
        socket.write(make(turn));
        this.sent += 1;
        turn += 1;
        await Promise.race([answer, closed, sleep(this.leftMs)]);
      }
      socket.destroy();
      await sleep(1);
    }
  }

  /**
   * Opens a WebSocket and, if `init`, waits for the acknowledgment; undefined if the gateway refuses it. It reads
   * nothing afterwards, unless `reads`.
   */
  async webSocket({ init = true, reads = false, from = '127.0.0.1' } = {}): Promise<WebSocket | undefined> {
    const socket = new WebSocket(this.url.href.replace('http', 'ws'), 'graphql-transport-ws', { localAddress: from });
    this.sent += 1;
    const closed = new Promise<undefined>((resolve) => {
      socket.once('close', () => resolve(undefined));
      socket.once('close', () => {
        this.refused += 1;
      });
    });
    socket.on('error', () => {});
    const open = new Promise<WebSocket>((resolve) => {
      socket.once('open', () => {
        if (!init) return resolve(socket);
        socket.send(
          JSON.stringify({
            type: 'connection_init',
            ...(this.key !== '' && { payload: { authorization: `Bearer ${this.key}` } }),
          }),
        );
        socket.once('message', () => resolve(socket));
      });
    });
    const opened = await Promise.race([open, closed, sleep(this.leftMs)]);
    if (!(opened instanceof WebSocket)) return undefined;
    if (reads) opened.on('message', (data) => this.#count(data as Buffer));
    else opened.pause();
    return opened;
  }

  /** Repeats an action until the attack ends, `atOnce` times in parallel. */
  async keep(atOnce: number, does: (number: number) => Promise<unknown>): Promise<void> {
    const one = async (number: number) => {
      while (!this.over) {
        await does(number);
        await sleep(1);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, (_, number) => one(number)));
  }

  /** Waits for the end of the attack. */
  async hold(): Promise<void> {
    await sleep(this.leftMs);
  }

  #count(chunk: Buffer): void {
    if (/HTTP\/1\.1 [45]|_EXCEEDED|UNAUTHENTICATED/.test(chunk.subarray(0, 2_000).toString('latin1')))
      this.refused += 1;
  }
}

/** Returns a new document with `ALIASES` fields. */
export const distinctDocument = (turn: number, seed: number): string =>
  `query q${seed}x${turn} {${Array.from(
    { length: ALIASES },
    (_, n) => ` a${seed}_${turn}_${n}: organization { id arn accounts(first: 1) { nodes { id name } } }`,
  ).join('')} }`;
