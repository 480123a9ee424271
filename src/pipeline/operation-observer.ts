import type { ConnectionState } from '../transport/connections.ts';
import type { Answer, Carrier, Operation } from './operation.ts';
import type { SecurityReason } from './security-log.ts';

/** Who looks on while operations are answered. */
export interface OperationObserver {
  /** Its `prepared` says of which type it is; what has none was refused before it was understood. */
  answered(operation: Operation, answer: Answer): void;
  /** A request was refused that did not get as far as an operation: it could not be read, or came from where none may come from. */
  refused(transport: Carrier['transport'], answer: Answer): void;
  /** One part of an answer that comes in parts, or one event. */
  sent(result: Exclude<Answer, AsyncIterable<unknown>>): void;
  /** A request, message or connection was rejected, slowed down or closed for this reason. */
  securityEvent(reason: SecurityReason): void;
  /** The server has started; `read` gives what it holds for its clients now. */
  serverStarted?(read: () => ServerState): void;
}

/** What the server holds for its clients. */
export interface ServerState {
  /** See `ByteBudget.total`. */
  readonly bufferedBytes: number;
  readonly connections: Readonly<Record<ConnectionState, number>>;
}
