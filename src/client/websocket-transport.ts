import { connectionClosed, errorOfResult, type GraphQLErrorLike, networkError, WatchError } from './errors.ts';
import type { Transport, WatchResult } from './transport.ts';

/** The part of graphql-ws's `Client` that a table uses. */
export interface GraphQLWsClient {
  subscribe(
    payload: {
      query: string;
      operationName?: string | null;
      variables?: Record<string, unknown> | null;
      extensions?: Record<string, unknown> | null;
    },
    sink: { next(result: unknown): void; error(error: unknown): void; complete(): void },
  ): () => void;
  on(event: 'connected' | 'closed', listener: (...details: unknown[]) => void): () => void;
}

/**
 * Close codes after which a new connection would fail in the same way: of the WebSocket protocol, of graphql-ws, and of
 * orgql (docs/errors.md).
 */
const fatalCodes = new Set([1002, 1003, 1007, 1009, 1010, 4004, 4400, 4401, 4403, 4406, 4409, 4429, 4500]);

/**
 * Subscribes through a graphql-ws client. Its retries stay in effect: it subscribes again by itself as long as its
 * options allow, and the table does so when it gives up.
 */
export function createWebSocketTransport(client: GraphQLWsClient): Transport {
  return ({ query, documentId, ...request }, sink) => {
    let isDisconnected = false;
    const listeners = [
      client.on('connected', () => {
        isDisconnected = false;
      }),
      client.on('closed', (event) => {
        isDisconnected = true;
        const error = toError(event);
        if (error.retryable) sink.interrupted(error);
        else sink.error(error);
      }),
    ];
    const payload = { query, ...(documentId !== undefined && { documentId }), ...request };
    const unsubscribe = client.subscribe(payload, {
      next: (result) => sink.next(result as WatchResult),
      error: (error) => sink.error(toError(error)),
      // graphql-ws also completes subscriptions when the application disposes of the client.
      complete: () => (isDisconnected ? sink.error(clientDisposed()) : sink.complete()),
    });
    return () => {
      for (const remove of listeners) remove();
      unsubscribe();
    };
  };
}

/** Converts GraphQL errors, a CloseEvent, or the error of a connection attempt. */
function toError(cause: unknown): WatchError {
  if (Array.isArray(cause)) return errorOfResult(cause as GraphQLErrorLike[]);
  if (!isCloseEvent(cause)) return networkError(cause);
  const { code, reason } = cause;
  if (code === 1006) return connectionClosed();
  const retryable = !fatalCodes.has(code);
  const action = code === 4403 ? ' Pass valid credentials in `connectionParams`, then call `retry()`.' : '';
  return new WatchError(`The WebSocket was closed with ${`code ${code} ${reason}`.trim()}.${action}`, {
    code: 'CONNECTION_CLOSED',
    retryable,
    cause,
  });
}

const isCloseEvent = (value: unknown): value is { readonly code: number; readonly reason: unknown } =>
  typeof value === 'object' && value !== null && 'code' in value && 'reason' in value && typeof value.code === 'number';

const clientDisposed = (): WatchError =>
  new WatchError('The graphql-ws client was disposed of. Create another one, and watch again.', {
    code: 'CLIENT_DISPOSED',
    retryable: false,
  });
