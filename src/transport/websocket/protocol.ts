import { type ExecutionArgs, GraphQLError, GraphQLSchema, parse } from 'graphql';
import type { ConnectionInitMessage, Context, Server, ServerOptions, SubscribePayload } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Config } from '../../config/index.ts';
import { toWireError } from '../../pipeline/execution/results.ts';
import type { GraphQLServer } from '../../pipeline/graphql.ts';
import { type ExecutionOutcome, isStream, limitKeyOf, Operation } from '../../pipeline/operation.ts';
import type { AuthenticateClient } from '../../pipeline/steps/caller.ts';
import { AuthenticationError } from '../../principal/index.ts';
import { CloseCode, closeSocket } from './closing.ts';
import { Connection, type ConnectionOptions } from './connection.ts';
import { authorizationOf, WebSocketRequest } from './request.ts';
import { ResultSender } from './socket-writer.ts';

/** Maximum length of the reason in a close frame, in bytes (RFC 6455, section 5.5). */
const MAX_REASON = 123;

type Params = ConnectionInitMessage['payload'];
type ConnectionContext = Context<Params, Connection>;
export type Protocol = Server<Connection>;

export interface ProtocolDependencies {
  readonly graphql: GraphQLServer;
  readonly authenticate: AuthenticateClient;
  readonly limits: Config['limits'];
}

/**
 * Runs operations from WebSockets through the same pipeline as those from HTTP, and sends their results. graphql-ws
 * implements the protocol and expects to execute operations itself. Therefore the pipeline runs in its `onSubscribe`
 * hook, and a `ResultSender` is returned to it as the result.
 */
export function protocolOptions({
  graphql: { pipeline },
  authenticate,
  limits,
}: ProtocolDependencies): ServerOptions<Params, Connection> {
  const placeholder = { schema: new GraphQLSchema({}), document: parse('subscription { placeholder }') };

  async function run(context: ConnectionContext, id: string, payload: SubscribePayload): Promise<ExecutionOutcome> {
    const { extra } = context;
    const request = new WebSocketRequest(context, payload);
    const operation = new Operation(request, payload);
    const tooMany = extra.begin(id, request);
    const turn = extra.queue.turn();
    if (turn !== undefined) await turn;
    if (request.isCancelled) {
      request.begun();
      return { errors: [new GraphQLError('The client has ended the operation.')] };
    }
    const refusal = tooMany ?? extra.holdMessage(request);
    if (refusal !== undefined) operation.refusal = refusal;
    const outcome = pipeline.run(operation);
    if (!(outcome instanceof Promise)) request.begun();
    // Some operations are rejected before they are executed.
    else void outcome.then(() => request.begun());
    return outcome;
  }

  return {
    connectionInitWaitTimeout: limits.connectionInitTimeoutMs,
    onConnect: (context) => checkCredentials(context, authenticate, limits.connectionInitTimeoutMs),
    async onSubscribe(context, id, payload) {
      const outcome = await run(context, id, payload);
      if (!isStream(outcome) && outcome.errors && !('data' in outcome)) {
        context.extra.ended(id);
        return outcome.errors;
      }
      return { ...placeholder, contextValue: new ResultSender(context.extra.idOf(id), outcome, context.extra.writer) };
    },
    subscribe: ({ contextValue }: ExecutionArgs) => contextValue as ResultSender,
    onError: (_context, _id, _payload, errors) => errors.map(toWireError),
    onComplete({ extra }, id) {
      extra.ended(id);
    },
  };
}

/**
 * Checks the credentials that a connection shows, and closes it with `Forbidden` and the reason when they are wrong, or
 * when its token expires. A connection without any has to show them with its first operation, within `withinMs`.
 */
async function checkCredentials(
  { connectionParams, extra }: ConnectionContext,
  authenticate: AuthenticateClient,
  withinMs: number,
): Promise<boolean> {
  const { headers, expiry, writer, address } = extra;
  const authorization = authorizationOf(connectionParams) ?? headers['authorization'];
  try {
    const caller = await authenticate(authorization, address);
    expiry.expiresAt(caller.expiresAt);
    return extra.authenticated(limitKeyOf(caller, address));
  } catch (error) {
    if (!(error instanceof AuthenticationError)) throw error;
    if (authorization !== undefined) {
      const isTemporary = error.code === 'AUTHENTICATION_UNAVAILABLE' || error.code === 'TOO_MANY_FAILED_ATTEMPTS';
      const reason = Buffer.from(error.message).subarray(0, MAX_REASON).toString();
      writer.close(isTemporary ? CloseCode.TryAgainLater : CloseCode.Forbidden, reason);
      return false;
    }
    expiry.mustAuthenticateWithin(withinMs);
    return true;
  }
}

/** Connects a WebSocket with graphql-ws: messages both ways, pings, and the end of its operations when it closes. */
export function openSocket(protocol: Protocol, socket: WebSocket, options: ConnectionOptions): Connection {
  const { log, limits } = options;
  const connection = new Connection(socket, options);
  const ping = keepAlive(socket, limits.pingIntervalMs);
  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      send: async (data) => connection.send(data),
      close(code, reason) {
        if (code === CloseCode.InitTimeout) connection.report('init_timeout', 'limits.connectionInitTimeoutMs');
        closeSocket(socket, code ?? CloseCode.InternalServerError, reason ?? '');
      },
      // graphql-ws itself would send back any payload, of whatever size.
      onPing: async (payload) => connection.pong(payload),
      onMessage(handle) {
        const received = (text: string): void => {
          handle(connection.toProtocol(text)).catch((err: unknown) => {
            if (isOfServer(text)) {
              closeSocket(socket, CloseCode.BadRequest, 'Only servers send messages of this type.');
              return;
            }
            log.error({ err }, 'WebSocket message failed');
            closeSocket(socket, CloseCode.InternalServerError, 'Internal error; the gateway has logged it.');
          });
        };
        connection.onMessage = received;
      },
    },
    connection,
  );
  // ws itself closes the connection for invalid frames (too large, not UTF-8, unknown type), with the matching code.
  socket.on('error', (err) => {
    log.debug({ err }, 'WebSocket');
    const reason = 'code' in err && typeof err.code === 'string' ? REASONS[err.code] : undefined;
    if (reason !== undefined) connection.report(...reason);
  });
  socket.once('close', (code, reason) => {
    clearInterval(ping);
    connection.end();
    closed(code, reason.toString()).catch((err: unknown) => log.error({ err }, 'closing a WebSocket failed'));
  });
  return connection;
}

const REASONS: Readonly<Record<string, Parameters<Connection['report']>>> = {
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: ['message_too_large', 'limits.bodyBytes'],
  WS_ERR_TOO_MANY_BUFFERED_PARTS: ['message_flood'],
};

/** Whether only servers may send such a message. graphql-ws would report it as an internal error. */
function isOfServer(text: string): boolean {
  const { type }: { type?: unknown } = JSON.parse(text);
  return type === 'next' || type === 'error' || type === 'connection_ack';
}

function keepAlive(socket: WebSocket, everyMs: number): NodeJS.Timeout {
  let answered = true;
  socket.on('pong', () => {
    answered = true;
  });
  return setInterval(() => {
    // The pong may be unread; `limits.sendTimeoutMs` applies then.
    if (socket.isPaused) return;
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  }, everyMs);
}
