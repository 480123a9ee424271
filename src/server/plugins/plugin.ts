import type { Plugin } from 'graphql-yoga';
import type { GraphContext } from '../../schema/context.ts';

/** An operation's context while the plugins build it up, one after the other; resolvers get the whole. */
export type OperationContext = { -readonly [K in keyof GraphContext]?: GraphContext[K] } & {
  /** What the operation's log lines have in common. */
  requestId?: string;
  /** The WebSocket that the operation came over; absent for an HTTP request of its own. */
  readonly socket?: {
    /** Tells that the operation is a subscription: it ends with the connection, which does not wait for it. */
    subscribed(): void;
    /** Tells that the operation has shown who calls. */
    authenticated(): void;
    /** Tells until when that holds, in ms since the epoch: a subscription does not go on after it. */
    expiresAt(time: number): void;
  };
};

export type ServerPlugin = Plugin<OperationContext, OperationContext>;

/** Whether an operation's result is a stream: of a subscription's events, or of the pieces of a result with `@defer` or `@stream`. */
export function isStream<R extends object>(result: R | AsyncIterable<R>): result is AsyncIterable<R> {
  return Symbol.asyncIterator in result;
}
