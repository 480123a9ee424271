import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { UpstreamCost } from '../../src/upstream/index.ts';

export interface Operation {
  readonly document: string;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  readonly as?:
    | {
        readonly principal?: string;
        readonly headers?: Readonly<Record<string, string>>;
        readonly connectionParams?: Readonly<Record<string, unknown>>;
      }
    | undefined;
}

/** An answer to an operation, or one event of a subscription. */
export interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: each test knows its shape, and looked into on every other line.
  readonly data?: any;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions?: Readonly<Record<string, unknown>>;
  }[];
  readonly extensions: { readonly upstream: UpstreamCost };
}

export interface Subscription extends AsyncIterableIterator<Answer> {
  /** The next event. Rejects when the subscription has ended. */
  event(): Promise<Answer>;
  return(): Promise<IteratorResult<Answer>>;
}

/** Runs a query or a mutation over HTTP. */
export async function query(url: string, { document, variables, as }: Operation): Promise<Answer> {
  const response = await post(url, { document, variables, as }, 'application/graphql-response+json');
  return JSON.parse(await response.text());
}

/** Subscribes over a WebSocket of its own, which is closed when the subscription is left. Errors of the operation reject `next`. */
export function subscribe(url: string, { document, variables, as }: Operation): Subscription {
  const client = createClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: { ...(as?.principal !== undefined && { principal: as.principal }), ...as?.connectionParams },
    retryAttempts: 0,
  });
  const events = client.iterate<Answer['data'], Answer['extensions']>({ query: document, variables: { ...variables } });
  return withEvent(events as AsyncIterableIterator<Answer>, () => client.dispose());
}

/** Subscribes with a stream of server-sent events, as the GraphQL over SSE protocol's distinct connections mode has it. */
export function subscribeBySse(url: string, operation: Operation): Subscription {
  const departure = new AbortController();
  return withEvent(readEvents(url, operation, departure.signal), () => departure.abort());
}

async function* readEvents(
  url: string,
  operation: Operation,
  signal: AbortSignal,
): AsyncGenerator<Answer, void, undefined> {
  const response = await post(url, operation, 'text/event-stream', signal);
  if (!response.body) throw new Error(`no stream, but status ${response.status}`);
  let text = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const [event, data] = [/^event: (.*)$/m, /^data: (.*)$/m].map((line) => line.exec(text.slice(0, end))?.[1]);
      text = text.slice(end + 2);
      if (event === 'complete') return;
      if (event === 'next' && data) yield JSON.parse(data);
    }
  }
  throw new Error('the stream ended without being completed');
}

function post(
  url: string,
  { document, variables, as }: Operation,
  accept: string,
  signal?: AbortSignal,
): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept,
      ...(as?.principal !== undefined && { 'x-orgql-principal': as.principal }),
      ...as?.headers,
    },
    body: JSON.stringify({ query: document, variables }),
    signal: signal ?? null,
  });
}

function withEvent(events: AsyncIterableIterator<Answer>, leave: () => unknown): Subscription {
  return {
    next: () => events.next(),
    async event() {
      const { value, done } = await events.next();
      if (done) throw new Error('the subscription has ended');
      return value;
    },
    async return() {
      await leave();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
