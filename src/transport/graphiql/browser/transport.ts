import { createClient } from 'graphql-ws';
import { meros } from 'meros/browser';
import type { GraphiQLParams, GraphQLResult } from './graphiql-types.ts';

const ENDPOINT = new URL(location.pathname, location.href);
const ACCEPT = 'application/graphql-response+json, application/json;q=0.9, multipart/mixed;q=0.8';

export type Headers = Readonly<Record<string, string>>;

/** Runs a query or a mutation. `emit` gets its result, or each part of it when parts are deferred or streamed. */
export async function post(
  params: GraphiQLParams,
  headers: Headers,
  emit: (result: GraphQLResult) => void,
  signal?: AbortSignal,
): Promise<void> {
  const response = await fetch(ENDPOINT, {
    method: 'POST',
    headers: { accept: ACCEPT, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(params),
    credentials: 'same-origin',
    ...(signal && { signal }),
  });
  const parts = await meros<GraphQLResult>(response);
  if (parts instanceof Response) emit(await resultOf(parts));
  else for await (const part of parts) emit(part.json ? part.body : { errors: [{ message: String(part.body) }] });
}

/** Runs a query whose result comes in one piece. */
export async function postOnce(params: GraphiQLParams, headers: Headers): Promise<GraphQLResult> {
  let only: GraphQLResult = {};
  await post(params, headers, (result) => {
    only = result;
  });
  return only;
}

export interface SubscriptionSink {
  next(event: GraphQLResult): void;
  error(errors: unknown): void;
  complete(): void;
}

/** Subscribes on a WebSocket of its own, as a principal is of a connection. Returns a function that ends it. */
export function subscribe(
  params: GraphiQLParams,
  headers: Headers,
  principal: string | undefined,
  sink: SubscriptionSink,
): () => void {
  const url = new URL(ENDPOINT);
  url.protocol = url.protocol.replace('http', 'ws');
  const client = createClient({
    url: url.href,
    connectionParams: { ...headers, ...(principal !== undefined && { principal }) },
  });
  const end = client.subscribe<unknown, unknown>(
    {
      query: params.query,
      ...(params.operationName && { operationName: params.operationName }),
      ...(params.variables && { variables: params.variables }),
      // The gateway reads all headers that it knows from here, and fewer of them from the connection's parameters.
      ...(Object.keys(headers).length > 0 && { extensions: { headers } }),
    },
    {
      next: (event) => sink.next(event as GraphQLResult),
      error: (error) => sink.error(errorsOf(error)),
      complete: () => sink.complete(),
    },
  );
  return () => {
    end();
    void client.dispose();
  };
}

async function resultOf(response: Response): Promise<GraphQLResult> {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return { errors: [{ message: `${response.status} ${response.statusText}: ${text}` }] };
  }
}

/** A list of GraphQL errors, a CloseEvent or an exception, as errors that can be shown. */
function errorsOf(error: unknown): unknown {
  if (Array.isArray(error)) return error;
  if (error instanceof CloseEvent)
    return [{ message: `The WebSocket was closed: ${error.code} ${error.reason}`.trim() }];
  return [{ message: error instanceof Error ? error.message : 'The WebSocket cannot be opened.' }];
}
