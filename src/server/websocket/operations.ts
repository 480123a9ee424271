import { type ExecutionArgs, GraphQLError, parse } from 'graphql';
import type { ConnectionInitMessage, Context, ServerOptions, SubscribePayload } from 'graphql-ws';
import type { GraphQLServer } from '../graphql.ts';
import { limitError } from '../limit-error.ts';
import { type Answer, isStream, Operation } from '../operation.ts';
import type { ServerParts } from '../parts.ts';
import { toWireError } from '../wire-error.ts';
import { WebSocketCarrier } from './carrier.ts';
import type { Connection } from './connection.ts';
import { onConnect } from './on-connect.ts';
import { ResultSender } from './result-sender.ts';

type Params = ConnectionInitMessage['payload'];

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
  const results = new WeakMap<ExecutionArgs, ResultSender>();
  const document = parse('subscription { placeholder }');
  const handOver = (args: ExecutionArgs) => results.get(args) ?? { errors: [new GraphQLError('No result.')] };

  function run(context: Context<Params, Connection>, id: string, payload: SubscribePayload): Answer | Promise<Answer> {
    const { running } = context.extra;
    const carrier = new WebSocketCarrier(context, payload);
    const operation = new Operation(carrier, payload);
    if (running.size < maximum) running.begin(id, carrier);
    else operation.refusal = tooMany(maximum);
    return pipeline.run(operation);
  }

  return {
    onConnect: onConnect(authenticate, config.limits.connectionInitTimeoutMs),
    async onSubscribe(context, id, payload) {
      const answer = await run(context, id, payload);
      if (!isStream(answer) && answer.errors && !('data' in answer)) {
        context.extra.ended(id);
        return answer.errors;
      }
      const args: ExecutionArgs = { schema, document };
      results.set(args, new ResultSender(context.extra.idOf(id), answer, context.extra.writer));
      return args;
    },
    execute: handOver,
    subscribe: handOver,
    onError: (_context, _id, _payload, errors) => errors.map(toWireError),
    onComplete({ extra }, id) {
      extra.ended(id);
    },
  };
}
