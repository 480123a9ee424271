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
 * The types of which AWS's id names one object, everywhere: those that implement `Node`. Others have an `id` too, because AWS calls it
 * so, but it is an account's or an organizational unit's: HandshakeParty, Child, DelegatedAdministrator.
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
 * By which id Relay's store keeps an object. Relay's own way takes every `id` for a global one; then a handshake's party and the account
 * that it names would be one record, of whichever type came last. What is no node is kept as a part of what holds it.
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
 * A Relay environment for one principal. Each principal needs an environment of its own, since each sees other objects.
 * @param url of the graph, such as http://127.0.0.1:4000/graphql
 * @param principal as the gateway's configuration names it; the gateway's default without one
 * @param webSocketImpl where there is no WebSocket of its own (Node before 22)
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
      const departure = new AbortController();
      const request = {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          // Several parts for what has @defer or @stream, one for everything else.
          accept: 'multipart/mixed, application/graphql-response+json',
          ...(principal === undefined ? {} : { 'x-orgql-principal': principal }),
        },
        body: JSON.stringify({ query: text, operationName: name, variables }),
        signal: departure.signal,
      };
      (async () => {
        for await (const responses of fetchParts(url, request)) sink.next(responses);
      })().then(sink.complete, (error: Error) => sink.error(error));
      return () => departure.abort();
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
