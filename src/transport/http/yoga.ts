import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type ExecutionResult, GraphQLError } from 'graphql';
import {
  type CORSOptions,
  createYoga,
  getSSEProcessor,
  type Plugin,
  processRegularResult,
  useReadinessCheck,
} from 'graphql-yoga';
import type { Logger } from 'pino';
import type { GraphQLServer } from '../../pipeline/graphql.ts';
import {
  ESTIMATE_HEADER,
  type ExecutionOutcome,
  isStream,
  PRINCIPAL_HEADER,
  REQUEST_ID_HEADER,
} from '../../pipeline/operation.ts';
import type { OperationObserver } from '../../pipeline/steps/observer.ts';
import { withoutCost } from '../../pipeline/steps/upstream.ts';
import { ENDPOINT } from '../request-checks.ts';
import { outcomeBody } from './outcome-body.ts';
import { type Report, reportText } from './probes.ts';
import { type HttpRequest, readAccept } from './request.ts';
import { ageOf, DEFAULT_HEADERS, SECURITY_HEADERS } from './response.ts';

/** Headers that describe the body as it was received. The body has been read already. */
const CONNECTION_HEADERS = new Set(['content-length', 'transfer-encoding', 'connection', 'expect']);

const NOT_ACCEPTABLE = 406;

type Body = Iterable<Buffer> | AsyncIterable<Buffer> | Readable;

/** A request and the state of its response. */
export interface YogaContext {
  readonly request: HttpRequest;
  /** Why the request is rejected; absent for a request without an operation. */
  readonly rejection?: GraphQLError;
  /**
   * The outcome of the operation, until its body is prepared. Yoga decides about its media type and status only, as its
   * streams read ahead of the client and hold each result.
   */
  outcome?: ExecutionOutcome | undefined;
  readonly isSubscription?: boolean;
}

type YogaPlugin = Plugin<YogaContext, YogaContext>;

export interface YogaOptions {
  readonly allowedOrigins: readonly string[];
  readonly graphql: Pick<GraphQLServer, 'maskError'>;
  /** See `probes`. */
  readonly report: () => Promise<Report>;
  readonly log: Logger;
  readonly observer: OperationObserver | undefined;
  /** For tests. */
  readonly plugins?: readonly YogaPlugin[];
}

export interface YogaHandler {
  /** Sends the response. Never rejects: an error is logged and ends the stream and the connection. */
  send(context: YogaContext): Promise<void>;
  dispose(): Promise<void>;
}

/** Responds to all requests but JSON POSTs: formats outcomes, adds CORS headers, rejects unknown requests. */
export function createYogaHandler(options: YogaOptions): YogaHandler {
  const { log, allowedOrigins, graphql } = options;
  const yoga = createYoga<YogaContext, YogaContext>({
    graphqlEndpoint: ENDPOINT,
    plugins: [
      ...(options.plugins ?? []),
      useCommonHeaders(),
      useReadiness(options.report),
      useRootRedirect(),
      useOutcome(options.observer),
      useIncrementalDelivery(),
    ],
    maskedErrors: { maskError: graphql.maskError },
    cors: crossOrigin(allowedOrigins),
    batching: false,
    multipart: false,
    graphiql: false,
    landingPage: false,
    logging: {
      debug: (...args) => log.trace({ args }, 'yoga'),
      info: (...args) => log.debug({ args }, 'yoga'),
      warn: (...args) => log.warn({ args }, 'yoga'),
      // Masked errors are in the log already. Other errors quote the request, and are for its sender only.
      error: (err) =>
        log.debug({ code: err instanceof GraphQLError ? err.extensions['code'] : String(err?.name) }, 'yoga'),
    },
  });

  /** Writes the head, and returns the body, if there is one. */
  async function begin(context: YogaContext): Promise<Body | undefined> {
    const { request } = context;
    const { incoming, response, method } = request;
    const headers = Object.entries(incoming.headers).flatMap(([name, value]): [string, string][] =>
      value === undefined || CONNECTION_HEADERS.has(name) ? [] : [[name, value.toString()]],
    );
    const url = `http://localhost${request.url}`;
    const copy = new yoga.fetchAPI.Request(url, { method, headers, signal: request.abortSignal });
    const { status, headers: sent, body } = await yoga.fetch(copy, context);
    if (request.isGone) return undefined;
    // The server decides whether the connection is kept alive, not Yoga.
    sent.delete('connection');
    const { outcome } = context;
    if (body === null || outcome === undefined || status === NOT_ACCEPTABLE) {
      response.writeHead(status, Object.fromEntries(sent));
      return body === null ? undefined : Readable.from(body);
    }
    body.cancel().catch(() => {});
    const { bytes, length } = outcomeBody(response, sent.get('content-type') ?? '', outcome);
    if (length === undefined) sent.delete('content-length');
    else sent.set('content-length', String(length));
    response.writeHead(status, Object.fromEntries(sent));
    if (!isStream(outcome)) context.outcome = undefined;
    return bytes;
  }

  async function send(context: YogaContext): Promise<void> {
    const { request } = context;
    const { response } = request;
    const end = () => {
      if (context.outcome !== undefined && isStream(context.outcome)) context.outcome.return?.().catch(() => {});
      response.destroy();
    };
    if (request.isGone) return end();
    try {
      const body = await begin(context);
      // Node 24 does not end a stream that is piped into a response after its client has disconnected.
      if (request.isGone) return end();
      if (body === undefined) return void response.end();
      response.flushHeaders();
      // The number of listeners is large but constant.
      response.setMaxListeners(0);
      // A stream may wait for its next event when the client disconnects.
      response.once('close', end);
      await pipeline(body, response).catch(() => {});
    } catch (err) {
      // A disconnected client is no error, and must not fill the log.
      if (!request.isGone) log.error({ err }, 'sending a stream failed');
      end();
    }
  }

  return { send, dispose: async () => yoga.dispose() };
}

/** Pages of allowed origins may do everything except use the browser's credentials. Other pages may do nothing. */
const crossOrigin =
  (origins: readonly string[]) =>
  ({ headers }: Request): CORSOptions => {
    const origin = headers.get('origin');
    if (origin === null || !origins.includes(origin)) return false;
    const ours = [PRINCIPAL_HEADER, ESTIMATE_HEADER, REQUEST_ID_HEADER];
    return {
      origin,
      credentials: false,
      methods: ['GET', 'POST'],
      allowedHeaders: ['authorization', 'content-type', 'cache-control', ...ours],
      exposedHeaders: ['age'],
      maxAge: 600,
    };
  };

/** The headers of all responses. */
function useCommonHeaders(): YogaPlugin {
  return {
    onResponse({ response: { headers }, serverContext }) {
      for (const [name, value] of Object.entries(SECURITY_HEADERS)) headers.set(name, value);
      for (const [name, value] of Object.entries(DEFAULT_HEADERS)) if (!headers.has(name)) headers.set(name, value);
      headers.set(REQUEST_ID_HEADER, serverContext.request.requestId);
      const { outcome } = serverContext;
      const age = outcome === undefined || isStream(outcome) ? undefined : ageOf(outcome);
      if (age !== undefined) headers.set('age', age);
    },
  };
}

/** `/ready` for the methods and origins that `probes` leaves to Yoga. Proxies must not cache it. */
function useReadiness(report: () => Promise<Report>) {
  return useReadinessCheck({
    endpoint: '/ready',
    async check({ fetchAPI }) {
      const found = await report();
      return new fetchAPI.Response(reportText(found), {
        status: found.ready ? 200 : 503,
        headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
      });
    },
  });
}

/** Redirects from `/` to the graph. */
function useRootRedirect(): YogaPlugin {
  return {
    onRequest({ request, url, fetchAPI, endResponse }) {
      if (url.pathname !== '/' || request.method !== 'GET') return;
      endResponse(new fetchAPI.Response(null, { status: 302, headers: { location: ENDPOINT } }));
    },
  };
}

/** Gives Yoga the kind and the errors of the outcome, or its rejection, instead of letting it read the request. */
function useOutcome(observer: OperationObserver | undefined): YogaPlugin {
  return {
    onRequestParse({ serverContext: { outcome, rejection }, setRequestParser }) {
      if (rejection !== undefined) throw rejection;
      if (outcome !== undefined) setRequestParser(() => ({ query: '{ __typename }' }));
    },
    onParams({ context: { outcome }, setResult }) {
      if (outcome === undefined) throw new TypeError('The request handler found no operation.');
      setResult(isStream(outcome) ? emptyStream() : withoutData(outcome));
    },
    onResultProcess({ serverContext, result, setResult }) {
      if (serverContext.outcome !== undefined || Array.isArray(result) || isStream(result)) return;
      const refusal = withoutCost(result);
      observer?.refused('http', refusal);
      setResult(refusal);
    },
  };
}

async function* emptyStream(): AsyncGenerator<ExecutionResult> {}

/** What decides about the status of a result. Its text is made when it is sent. */
function withoutData(result: ExecutionResult): ExecutionResult {
  const { errors, extensions } = result;
  return {
    ...(errors && { errors }),
    ...('data' in result && { data: null }),
    ...(extensions && { extensions }),
    // Yoga would make no body of an empty text.
    stringify: () => '{}',
  } as ExecutionResult;
}

/** Sends a subscription's events as server-sent events and nothing else, and rejects clients that accept no stream. */
function useIncrementalDelivery(): YogaPlugin {
  const sendEvents = getSSEProcessor();
  return {
    onResultProcess({ request, serverContext, resultProcessor, setResult, setResultProcessor }) {
      const { outcome, isSubscription } = serverContext;
      if (outcome === undefined || !isStream(outcome)) return;
      if (isSubscription) {
        if (readAccept(request.headers.get('accept') ?? undefined).events)
          return setResultProcessor(sendEvents, 'text/event-stream');
      } else if (resultProcessor !== undefined) return;
      // Skips the read if the result is not sent.
      outcome.return?.().catch(() => {});
      setResult({ errors: [notAcceptable()] });
      setResultProcessor(processRegularResult, 'application/json');
    },
  };
}

const notAcceptable = () =>
  new GraphQLError(
    'The operation has an incremental result (a subscription, @defer or @stream). Accept text/event-stream or, for queries, multipart/mixed; or omit the directives.',
    { extensions: { code: 'NOT_ACCEPTABLE', http: { status: NOT_ACCEPTABLE } } },
  );
