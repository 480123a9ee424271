import { type ExecutionArgs, GraphQLError, parse } from 'graphql';
import type { ConnectionInitMessage, Context, ServerOptions, SubscribePayload } from 'graphql-ws';
import { toWireError } from '../../pipeline/execution/result-text.ts';
import type { GraphQLServer } from '../../pipeline/graphql.ts';
import { type Answer, isStream, Operation } from '../../pipeline/operation.ts';
import type { ServerParts } from '../parts.ts';
import { WebSocketCarrier } from './carrier.ts';
import type { Connection } from './connection.ts';
import { onConnect } from './on-connect.ts';
import { ResultSender } from './result-sender.ts';

type Params = ConnectionInitMessage['payload'];

/**
 * Lets operations from WebSockets run through the pipeline that those from HTTP pass, and sends their results. graphql-ws, which speaks the protocol, wants to
 * execute by itself: the operation is run when it asks whether one may begin, and what sends its results is handed over as the result.
 */
export function operationOptions(
  { pipeline }: GraphQLServer,
  { schema, authenticate, config }: ServerParts,
): ServerOptions<Params, Connection> {
  const results = new WeakMap<ExecutionArgs, ResultSender>();
  const document = parse('subscription { placeholder }');
  const handOver = (args: ExecutionArgs) => results.get(args) ?? { errors: [new GraphQLError('No result.')] };

  async function run(context: Context<Params, Connection>, id: string, payload: SubscribePayload): Promise<Answer> {
    const { extra } = context;
    const carrier = new WebSocketCarrier(context, payload);
    const operation = new Operation(carrier, payload);
    const tooMany = extra.begin(id, carrier);
    const turn = extra.queue.turn();
    if (turn !== undefined) await turn;
    if (carrier.left) {
      carrier.begun();
      return { errors: [new GraphQLError('The client has ended the operation.')] };
    }
    const refusal = tooMany ?? extra.holdMessage(carrier);
    if (refusal !== undefined) operation.refusal = refusal;
    const answer = pipeline.run(operation);
    if (!(answer instanceof Promise)) carrier.begun();
    // Some operations are rejected before they are executed.
    else void answer.then(() => carrier.begun());
    return answer;
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
