import type { RequestDocument } from './documents.ts';
import type { GraphQLErrorLike, WatchError } from './errors.ts';

/** A subscription as a transport sends it. */
export interface WatchRequest extends RequestDocument {
  readonly operationName?: string;
  /** Its `after` is always the table's present cursor: a transport that subscribes again sends this object again. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

export interface WatchResult {
  readonly data?: unknown;
  readonly errors?: readonly GraphQLErrorLike[] | undefined;
}

/** Receives the results of one subscription. Nothing may follow `error` and `complete`. */
export interface WatchSink {
  next(result: WatchResult): void;
  /** The subscription has ended. */
  error(error: WatchError): void;
  /** The gateway has completed the subscription. */
  complete(): void;
  /** The connection is lost, and the transport subscribes again by itself. */
  interrupted(error: WatchError): void;
}

/**
 * Subscribes, and returns a function that ends the subscription and everything that the transport holds for it. After
 * its call, the sink receives nothing.
 */
export type Transport = (request: WatchRequest, sink: WatchSink) => () => void;
