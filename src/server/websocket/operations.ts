import { type ExecutionArgs, GraphQLError, parse } from 'graphql';
import type { ConnectionInitMessage, Context, ServerOptions, SubscribePayload } from 'graphql-ws';
import type { GraphQLServer } from '../graphql.ts';
import { limitError } from '../limit-error.ts';
import { type Answer, isStream, Operation } from '../operation.ts';
import type { ServerParts } from '../parts.ts';
import { toWireError } from '../wire-error.ts';
import { webSocketCarrier } from './carrier.ts';
import type { FiniteOperations } from './finite-operations.ts';
import { onConnect } from './on-connect.ts';
import { Outgoing } from './outgoing.ts';
import type { Validity } from './validity.ts';

type Params = ConnectionInitMessage['payload'];

/** What the server keeps of a connection. */
export interface Connection {
  /** Headers of the request that opened the WebSocket. */
  readonly headers: Readonly<Record<string, string>>;
  /** How to end each operation that runs, by its id. */
  readonly running: Map<string, AbortController>;
  /** Those that are not subscriptions: what is waited for before the connection is closed. */
  readonly finite: FiniteOperations;
  readonly validity: Validity;
  /** Undefined when the message has left; else it resolves when it has. */
  send(message: string): Promise<void> | undefined;
  close(code: number, reason: string): void;
}

const tooMany = (maximum: number) =>
  limitError(
    'CONNECTION_LIMIT_EXCEEDED',
    `This connection runs ${maximum} operations already, and may run no more at a time (limits.operationsPerConnection).`,
    { maximum, retryAfterMs: 1_000 },
  );

/**
 * Lets operations from WebSockets run through the pipeline that those from HTTP pass, and sends their results. graphql-ws, which speaks the protocol, wants to
 * execute by itself: the operation is run when it asks whether one may begin, and what sends its results is handed over as the result.
 */
export function operationOptions(
  { pipeline }: GraphQLServer,
  { schema, authenticate, config }: ServerParts,
): ServerOptions<Params, Connection> {
  const maximum = config.limits.operationsPerConnection;
  const results = new WeakMap<ExecutionArgs, Outgoing>();
  const document = parse('subscription { placeholder }');
  const handOver = (args: ExecutionArgs) => results.get(args) ?? { errors: [new GraphQLError('No result.')] };

  function run(context: Context<Params, Connection>, id: string, payload: SubscribePayload): Answer | Promise<Answer> {
    const client = new AbortController();
    const { running, finite, validity } = context.extra;
    const refusal = running.size < maximum ? undefined : tooMany(maximum);
    if (refusal === undefined) {
      running.set(id, client);
      finite.begin(id);
    }
    const carrier = webSocketCarrier(context, payload, client.signal, {
      subscribed: () => finite.end(id),
      authenticated: () => validity.authenticated(),
      expiresAt: (time: number) => validity.expiresAt(time),
    });
    const operation = new Operation(carrier, payload);
    if (refusal !== undefined) operation.refusal = refusal;
    return pipeline.run(operation);
  }

  return {
    onConnect: onConnect(authenticate, config.limits.connectionInitTimeoutMs),
    async onSubscribe(context, id, payload) {
      const answer = await run(context, id, payload);
      if (!isStream(answer) && answer.errors && !('data' in answer)) {
        context.extra.running.delete(id);
        context.extra.finite.end(id);
        return answer.errors;
      }
      const args: ExecutionArgs = { schema, document };
      results.set(args, new Outgoing(id, answer, context.extra.send));
      return args;
    },
    execute: handOver,
    subscribe: handOver,
    onError: (_context, _id, _payload, errors) => errors.map((error) => toWireError(error).toJSON()),
    onComplete({ extra }, id) {
      extra.running.delete(id);
      extra.finite.end(id);
    },
  };
}
