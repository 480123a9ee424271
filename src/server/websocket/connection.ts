import type { Headers } from './carrier.ts';
import type { Line } from './line.ts';
import { RunningOperations } from './running-operations.ts';
import { Validity } from './validity.ts';

/** What the server keeps of a connection. */
export class Connection {
  /** Headers of the request that opened the WebSocket. */
  readonly headers: Headers;
  readonly line: Line;
  readonly running = new RunningOperations();
  readonly validity: Validity;

  constructor(line: Line, headers: Headers) {
    this.line = line;
    this.headers = headers;
    this.validity = new Validity(line);
  }
}
