import type { Socket } from 'node:net';
import type { GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import type { Config } from '../../config/index.ts';
import type { ByteBudget, ByteReservation } from '../../pipeline/byte-budget.ts';
import { limitError } from '../../pipeline/errors.ts';
import type { FairScheduler } from '../../pipeline/fair-scheduler.ts';
import { addressKey, callerOf, memberOf } from '../../pipeline/operation.ts';
import type { SecurityLog, SecurityReason } from '../../pipeline/security-log.ts';
import type { Connections } from '../connections.ts';
import { CloseCode, ConnectionExpiry } from './closing.ts';
import { MessageReader, ReadPause } from './message-reader.ts';
import { OperationIds, OperationQueue, RunningOperations } from './operations.ts';
import type { Headers, RequestConnection, WebSocketRequest } from './request.ts';
import { SocketWriter, type UnreadSockets } from './socket-writer.ts';

/** Data that all connections share. */
export interface ConnectionDependencies {
  readonly limits: Config['limits'];
  readonly buffers: ByteBudget;
  readonly connections: Connections;
  readonly securityLog: SecurityLog;
  readonly log: Logger;
  readonly scheduler: Pick<FairScheduler, 'runShort' | 'charge'>;
}

export interface ConnectionOptions extends ConnectionDependencies {
  /** The TCP connection. */
  readonly raw: Socket;
  readonly headers: Headers;
  /** The client's address. */
  readonly address: string;
  readonly unread: UnreadSockets;
}

/** The state of a connection, and the translation of operation ids between the client and graphql-ws. */
export class Connection implements RequestConnection {
  /** Of the request that opened the WebSocket. */
  readonly headers: Headers;
  readonly address: string;
  readonly reader: MessageReader;
  readonly writer: SocketWriter;
  readonly running = new RunningOperations();
  readonly queue: OperationQueue;
  readonly expiry: ConnectionExpiry;
  readonly #raw: Socket;
  readonly #options: ConnectionDependencies;
  readonly #buffers: ByteReservation;
  /** Undefined before the client has shown valid credentials. See `Operation.limitKey`. */
  #limitKey: string | undefined;
  /** Set once graphql-ws is connected, which needs this connection first. */
  onMessage: (text: string) => void = () => {};
  #messageBytes = 0;
  /** Whether the present message begins an operation or ends one that runs. */
  #isOfOperation = false;
  /** Absent until a client reuses the id of an operation that still runs. */
  #ids: OperationIds | undefined;

  constructor(socket: WebSocket, options: ConnectionOptions) {
    const { limits, scheduler, raw, headers, address, unread } = options;
    this.address = address;
    this.headers = headers;
    this.#raw = raw;
    this.#options = options;
    this.#buffers = options.buffers.open({ address: addressKey(address) });
    const buffers = this.#buffers;
    const reading = new ReadPause(socket);
    const report = (reason: SecurityReason, setting?: string) => this.report(reason, setting);
    this.writer = new SocketWriter(socket, {
      ...{ raw, buffers, reading, unread, report },
      sendTimeoutMs: limits.sendTimeoutMs,
    });
    this.queue = new OperationQueue(this.writer, buffers, options.buffers, reading);
    this.reader = new MessageReader(socket, {
      ...{ raw, buffers, limits, report, reading },
      terminateLargest: () => unread.terminateLargest(),
      schedule: (read) => scheduler.runShort(this.#limitKey ?? '', read),
      pong: (data) => this.writer.pong(data),
      onMessage: (text, bytes) => this.#receive(text, bytes),
    });
    this.expiry = new ConnectionExpiry(
      (code, reason) => this.writer.close(code, reason),
      () => report('init_timeout', 'limits.connectionInitTimeoutMs'),
    );
  }

  get isAuthenticated(): boolean {
    return this.#limitKey !== undefined;
  }

  /**
   * Called when the client has shown valid credentials. Returns false if there are too many connections; this one is
   * closed then.
   */
  authenticated(limitKey: string): boolean {
    if (this.#limitKey !== undefined) return true;
    if (!this.#options.connections.authenticated(this.#raw, limitKey)) {
      this.writer.close(
        CloseCode.TryAgainLater,
        'Too many connections are open (limits.connections); connect again later.',
      );
      return false;
    }
    this.#limitKey = limitKey;
    this.#buffers.authenticated(limitKey);
    this.reader.authenticated();
    this.expiry.authenticated();
    return true;
  }

  subscribed(request: WebSocketRequest): void {
    this.running.subscribed(request);
  }

  begun(): void {
    this.queue.begun();
  }

  expiresAt(time: number): void {
    this.expiry.expiresAt(time);
  }

  report(reason: SecurityReason, setting?: string): void {
    this.#options.securityLog.report({ reason, address: this.address, caller: callerOf(this.#limitKey), setting });
  }

  /** Starts the operation of the present message. Returns the error if it may not start. */
  begin(id: string, request: WebSocketRequest): GraphQLError | undefined {
    const { operationsPerConnection } = this.#options.limits;
    this.#isOfOperation = true;
    request.messageBytes = this.#messageBytes;
    if (this.running.size >= operationsPerConnection) return tooManyOperations(operationsPerConnection);
    this.running.begin(id, request);
    return undefined;
  }

  /** Counts the message of an operation as long as it runs. Returns the error when a bound does not allow it. */
  holdMessage(request: WebSocketRequest): GraphQLError | undefined {
    const { bufferedBytes } = this.#options.limits;
    // A quarter is left for results, as no operation starts while a bound is exceeded.
    const reserve = Math.floor(Math.min(bufferedBytes.perConnection, bufferedBytes.perCaller) / 4);
    const exceeded = this.#buffers.exceeded(request.messageBytes + reserve);
    if (exceeded === 'perConnection' || exceeded === 'perCaller') {
      this.report('buffered_bytes', `limits.bufferedBytes.${exceeded}`);
      return tooManyBytes(exceeded, bufferedBytes[exceeded]);
    }
    this.#buffers.adjust(request.messageBytes);
    request.heldBytes = request.messageBytes;
    return undefined;
  }

  /** The socket has closed. */
  end(): void {
    this.reader.end();
    this.expiry.end();
    this.running.cancelAll();
    this.writer.end();
    this.queue.end();
    this.#buffers[Symbol.dispose]();
  }

  /** Answers a ping of graphql-transport-ws. The payload is returned only if it may be buffered. */
  pong(payload: unknown): void {
    const begun = performance.now();
    const pong = { type: 'pong', payload: this.isAuthenticated ? payload : undefined };
    const text = JSON.stringify(pong);
    const mayBuffer = this.#buffers.exceeded(Buffer.byteLength(text)) === undefined;
    this.writer.send(mayBuffer ? text : '{"type":"pong"}');
    // graphql-ws calls this after the scheduler has measured the message.
    if (this.#limitKey !== undefined) this.#options.scheduler.charge(this.#limitKey, performance.now() - begun);
  }

  #receive(text: string, bytes: number): void {
    this.#messageBytes = bytes;
    this.#isOfOperation = false;
    this.onMessage(text);
    if (this.isAuthenticated && !this.#isOfOperation) this.reader.countMessage();
  }

  /**
   * Translates a client's message for graphql-ws. An operation that the client completes is cancelled at once, with its
   * upstream calls: graphql-ws only ends iterators, and reports no end before the first result.
   */
  toProtocol(text: string): string {
    if (this.running.size === 0) return text;
    const message = parsed(text);
    const type = memberOf(message, 'type');
    const outer = memberOf(message, 'id');
    if (typeof outer !== 'string' || (type !== 'complete' && type !== 'subscribe')) return text;
    let inner = this.#ids?.innerOf(outer) ?? outer;
    if (type === 'complete') this.#isOfOperation = this.running.cancel(inner);
    else if (this.running.isCancelled(inner)) {
      this.#ids ??= new OperationIds();
      inner = this.#ids.rename(outer);
    }
    return inner === outer ? text : withId(message, inner);
  }

  /** Sends a message of graphql-ws to the client. */
  send(text: string): Promise<void> | undefined {
    if (this.#ids === undefined) return this.writer.send(text);
    const message = parsed(text);
    const inner = memberOf(message, 'id');
    return this.writer.send(typeof inner === 'string' ? withId(message, this.idOf(inner)) : text);
  }

  /** An operation's result is sent, or its client has completed it. */
  ended(inner: string): void {
    this.#buffers.adjust(-(this.running.end(inner)?.heldBytes ?? 0));
    this.#ids?.ended(inner);
  }

  /** The client's id of an operation. */
  idOf(inner: string): string {
    return this.#ids?.outerOf(inner) ?? inner;
  }
}

/** Undefined for invalid JSON: graphql-ws closes the connection for it. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const tooManyOperations = (maximum: number) =>
  limitError(
    'CONNECTION_LIMIT_EXCEEDED',
    `This connection runs ${maximum} operations, the maximum (limits.operationsPerConnection). End one first.`,
    { maximum, retryAfterMs: 1_000 },
  );

const tooManyBytes = (bound: 'perConnection' | 'perCaller', maximum: number) =>
  limitError(
    'BUFFER_LIMIT_EXCEEDED',
    `Running operations hold too many bytes (limits.bufferedBytes.${bound}). End an operation first, or send smaller variables.`,
    { maximum, retryAfterMs: 1_000 },
  );

const withId = (message: unknown, id: string): string => JSON.stringify({ ...(message as object), id });
