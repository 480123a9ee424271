import { memberOf } from '../member-of.ts';
import type { Headers } from './carrier.ts';
import { OperationIds } from './operation-ids.ts';
import { RunningOperations } from './running-operations.ts';
import type { SocketWriter } from './socket-writer.ts';
import { Validity } from './validity.ts';

/** What the server keeps of a connection, and what lies between the client's messages and graphql-ws. */
export class Connection {
  /** Of the request that opened the WebSocket. */
  readonly headers: Headers;
  readonly writer: SocketWriter;
  /** The client's address. */
  readonly address: string;
  readonly running = new RunningOperations();
  readonly validity: Validity;
  /** Absent until a client uses an id again that is not free yet. */
  #ids: OperationIds | undefined;

  constructor(writer: SocketWriter, headers: Headers, address: string) {
    this.address = address;
    this.writer = writer;
    this.headers = headers;
    this.validity = new Validity(writer);
  }

  /**
   * A client's message as graphql-ws is to have it. An operation that the client completes is ended at once, with its upstream calls: graphql-ws only ends iterators, and
   * does not tell of the end of one whose first result is still being waited for.
   */
  received(text: string): string {
    if (this.running.size === 0) return text;
    const message = parsed(text);
    const type = memberOf(message, 'type');
    const outer = memberOf(message, 'id');
    if (typeof outer !== 'string' || (type !== 'complete' && type !== 'subscribe')) return text;
    let inner = this.#ids?.innerOf(outer) ?? outer;
    if (type === 'complete') this.running.leave(inner);
    else if (this.running.hasLeft(inner)) {
      this.#ids ??= new OperationIds();
      inner = this.#ids.rename(outer);
    }
    return inner === outer ? text : withId(message, inner);
  }

  /** Says a message of graphql-ws to the client. */
  say(text: string): Promise<void> | undefined {
    if (this.#ids === undefined) return this.writer.send(text);
    const message = parsed(text);
    const inner = memberOf(message, 'id');
    return this.writer.send(typeof inner === 'string' ? withId(message, this.idOf(inner)) : text);
  }

  /** An operation's result is told, or its client has ended it. */
  ended(inner: string): void {
    this.running.end(inner);
    this.#ids?.ended(inner);
  }

  /** The client's id of an operation. */
  idOf(inner: string): string {
    return this.#ids?.outerOf(inner) ?? inner;
  }
}

/** Undefined for what is not JSON: graphql-ws closes the connection for it. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const withId = (message: unknown, id: string): string => JSON.stringify({ ...(message as object), id });
