import { type ExecutionArgs, type ExecutionResult, GraphQLError, parse } from 'graphql';
import type { ConnectionInitMessage, Context, ServerOptions, SubscribePayload } from 'graphql-ws';
import { mapAsyncIterator } from 'graphql-yoga';
import { ENDPOINT, type GraphQLServer } from '../graphql.ts';
import { limitError } from '../limit-error.ts';
import type { ServerParts } from '../parts.ts';
import { isStream } from '../plugins/plugin.ts';
import { DOCUMENT_ID } from '../plugins/use-trusted-documents.ts';
import { toWireError } from '../wire-error.ts';
import type { FiniteOperations } from './finite-operations.ts';
import { onConnect } from './on-connect.ts';
import { operationRequest } from './operation-request.ts';
import type { Validity } from './validity.ts';

type Params = ConnectionInitMessage['payload'];
type Result = ExecutionResult | AsyncIterable<ExecutionResult>;

/** What the server keeps of a connection. */
export interface Connection {
  /** Headers of the request that opened the WebSocket. */
  readonly headers: Readonly<Record<string, string>>;
  /** How to end each operation that runs, by its id. */
  readonly running: Map<string, AbortController>;
  /** Those that are not subscriptions: what is waited for before the connection is closed. */
  readonly finite: FiniteOperations;
  readonly validity: Validity;
  close(code: number, reason: string): void;
}

/**
 * Lets operations from WebSockets run through `yoga.getResultForParams`, so that they pass the same plugins as those from HTTP
 * (Yoga's documented recipe runs its own parse, validate and execute, and so passes none of Yoga's hooks).
 * graphql-ws wants to execute by itself: the operation is run when it asks whether one may begin, and the result handed over.
 */
export function operationOptions(
  { yoga, maskError }: GraphQLServer,
  { schema, authenticate, config, observer }: ServerParts,
): ServerOptions<Params, Connection> {
  const results = new WeakMap<ExecutionArgs, Result>();
  const document = parse('subscription { placeholder }');
  const handOver = (args: ExecutionArgs) => results.get(args) ?? { errors: [new GraphQLError('No result.')] };

  async function run(context: Context<Params, Connection>, id: string, payload: SubscribePayload): Promise<Result> {
    const client = new AbortController();
    const { running, finite, validity } = context.extra;
    running.set(id, client);
    finite.begin(id);
    let request: Request | undefined;
    const answered = <R extends Result>(result: R): R => {
      if (request) observer?.answered(request, 'websocket', result);
      return result;
    };
    try {
      request = operationRequest(yoga.fetchAPI, ENDPOINT, context, payload, client.signal);
      // The protocol allows null where Yoga's type has only undefined; Yoga's own check takes both.
      const { query, operationName, variables, extensions } = payload;
      const params = {
        query,
        ...(DOCUMENT_ID in payload && { [DOCUMENT_ID]: payload[DOCUMENT_ID] }),
        ...(operationName != null && { operationName }),
        ...(variables != null && { variables }),
        ...(extensions != null && { extensions }),
      };
      const socket = {
        subscribed: () => finite.end(id),
        authenticated: () => validity.authenticated(),
        expiresAt: (time: number) => validity.expiresAt(time),
      };
      return answered((await yoga.getResultForParams({ params, request }, { socket })) ?? {});
    } catch (error) {
      return answered({ errors: [maskError(error)] });
    }
  }

  return {
    onConnect: onConnect(authenticate, config.limits.connectionInitTimeoutMs),
    async onSubscribe(context, id, payload) {
      const maximum = config.limits.operationsPerConnection;
      if (context.extra.running.size >= maximum) {
        const message = `This connection runs ${maximum} operations already, and may run no more at a time (limits.operationsPerConnection).`;
        return [limitError('CONNECTION_LIMIT_EXCEEDED', message, { maximum, retryAfterMs: 1_000 })];
      }
      const result = await run(context, id, payload);
      if (!isStream(result) && result.errors && !('data' in result)) {
        context.extra.running.delete(id);
        context.extra.finite.end(id);
        return result.errors;
      }
      const args: ExecutionArgs = { schema, document };
      results.set(args, isStream(result) ? mapAsyncIterator(result, throwRequestErrors) : result);
      return args;
    },
    execute: handOver,
    subscribe: handOver,
    onNext: (_context, _id, _payload, _args, { errors, data = null, extensions = {}, ...rest }) =>
      errors && { ...rest, errors: errors.map((error) => toWireError(error).toJSON()), data, extensions },
    onError: (_context, _id, _payload, errors) => errors.map((error) => toWireError(error).toJSON()),
    onComplete({ extra }, id) {
      extra.running.delete(id);
      extra.finite.end(id);
    },
  };
}

/** A stream that fails ends in the protocol's `error` message, which clients tell from a `complete`. */
function throwRequestErrors(event: ExecutionResult): ExecutionResult {
  const [error] = event.errors ?? [];
  if (error && !('data' in event)) throw error;
  return event;
}
