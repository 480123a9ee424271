import { type Client, createClient } from 'graphql-ws';
import {
  Environment,
  type FetchFunction,
  type GraphQLResponse,
  Network,
  Observable,
  RecordSource,
  Store,
  type SubscribeFunction,
} from 'relay-runtime';
import { fetchParts } from './fetch-parts.ts';

/**
 * The types that implement `Node`, whose ids identify one object. HandshakeParty, Child and DelegatedAdministrator have an
 * `id` too, but it is that of an account or an organizational unit.
 */
const NODE_TYPES: ReadonlySet<string> = new Set([
  'Account',
  'CreateAccountStatus',
  'Handshake',
  'Organization',
  'OrganizationalUnit',
  'Policy',
  'ResourcePolicy',
  'ResponsibilityTransfer',
  'Root',
]);

/**
 * Returns the key of an object in Relay's store. Relay's default takes every `id` for a global one, and would merge a
 * handshake's party with its account. Objects without a key are stored as part of their parent.
 */
export function getDataID(object: { readonly id?: unknown }, typeName: string): string | undefined {
  return NODE_TYPES.has(typeName) && typeof object.id === 'string' ? object.id : undefined;
}

export interface Connection {
  readonly environment: Environment;
  /** Ends the subscriptions. */
  close(): Promise<void>;
}

/**
 * Creates a Relay environment for one principal. Use one per principal, because each sees other objects.
 * @param url the gateway, for example http://127.0.0.1:4000/graphql
 * @param principal a principal of the gateway's configuration. Default: the caller's first
 * @param webSocketImpl for runtimes without a WebSocket (Node before 22)
 */
export function connect(url: string, principal?: string, webSocketImpl?: unknown): Connection {
  const client = createClient({
    url: url.replace(/^http/, 'ws'),
    connectionParams: principal === undefined ? {} : { principal },
    ...(webSocketImpl === undefined ? {} : { webSocketImpl }),
  });
  const environment = new Environment({
    network: Network.create(fetchOver(url, principal), subscribeOver(client)),
    store: new Store(new RecordSource()),
    getDataID,
  });
  return { environment, close: async () => client.dispose() };
}

function fetchOver(url: string, principal: string | undefined): FetchFunction {
  return ({ text, name }, variables) =>
    Observable.create<GraphQLResponse>((sink) => {
      const controller = new AbortController();
      const request = {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          // multipart is for @defer and @stream.
          accept: 'multipart/mixed, application/graphql-response+json',
          ...(principal === undefined ? {} : { 'x-orgql-principal': principal }),
        },
        body: JSON.stringify({ query: text, operationName: name, variables }),
        signal: controller.signal,
      };
      (async () => {
        for await (const responses of fetchParts(url, request)) sink.next(responses);
      })().then(sink.complete, (error: Error) => sink.error(error));
      return () => controller.abort();
    });
}

function subscribeOver(client: Client): SubscribeFunction {
  return ({ text, name }, variables) =>
    Observable.create<GraphQLResponse>((sink) => {
      if (text == null)
        throw new Error(`${name} has no text: it is a persisted query, which this gateway does not know.`);
      return client.subscribe<GraphQLResponse>(
        { query: text, operationName: name, variables },
        {
          next: (response) => sink.next(response as GraphQLResponse),
          error: (error) => sink.error(toError(error)),
          complete: sink.complete,
        },
      );
    });
}

/** A subscription fails with GraphQL errors, or with the event that closed the WebSocket. */
function toError(cause: unknown): Error {
  if (cause instanceof Error) return cause;
  const message = Array.isArray(cause) ? cause.map((error) => error.message).join(' ') : 'The WebSocket was closed.';
  return new Error(message, { cause });
}
