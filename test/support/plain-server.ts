import { EventEmitter, once } from 'node:events';
import { GraphQLError } from 'graphql';
import { createSchema } from 'graphql-yoga';
import { pino } from 'pino';
import { type ConfigInput, configSchema } from '../../src/config/index.ts';
import type { Operation } from '../../src/pipeline/operation.ts';
import type { OperationObserver } from '../../src/pipeline/steps/observer.ts';
import { createAuthenticate, createPrincipals } from '../../src/principal/index.ts';
import { upstreamCost } from '../../src/schema/cost/rules.ts';
import { requires } from '../../src/schema/scopes.ts';
import { EmbeddedServer } from '../../src/transport/embedded/index.ts';
import { type RunningServer, type ServerOptions, startServer } from '../../src/transport/index.ts';
import type { ReadinessReport } from '../../src/transport/readiness.ts';
import type { Watcher } from '../../src/watcher/types.ts';
import { StalledUpstream } from './fake-upstream.ts';
import { isEmbedded, startHost } from './host.ts';

class KnownFailure extends Error {}
type Events = { subscribed: []; returned: []; written: [] };

/**
 * The server without the graph: a schema of a few fields that each show one thing which the server does for any graph,
 * over an upstream that never answers.
 */
export async function startPlainServer(
  settings: ConfigInput = {},
  observer?: OperationObserver,
  readiness?: () => Promise<ReadinessReport>,
) {
  const keys = { type: 'static', accessKeyId: '111111111111', secretAccessKey: 'x' } as const;
  const config = configSchema.parse({
    port: 0,
    principals: [
      { name: 'first', credentials: keys },
      { name: 'second', credentials: keys },
    ],
    ...settings,
  });
  const upstream = new StalledUpstream();
  const events = new EventEmitter<Events>();
  const logged: Record<string, unknown>[] = [];
  const log = pino({ level: 'debug' }, { write: (line) => logged.push(JSON.parse(line)) });
  let finishWrite = () => {};
  let begin = () => {};

  const schema = createSchema<Operation>({
    typeDefs: /* GraphQL */ `
      type Query { principal: String!, calls: Int!, principals: [String!]!, stalled: String, unexpected: String, known: String }
      type Mutation { write(note: String! = ""): String }
      type Subscription { ticks: Int, silent: Int, stalled: Int, failing: Int, refused: Int, late: Int }
    `,
    resolvers: {
      Query: {
        principal: (_root, _args, { principal }) => principal.name,
        calls: (_root, _args, { session }) => session.cost.calls,
        principals: (_root, _args, { principals }) => principals.map(({ name }) => name),
        stalled: (_root, _args, { session }) => session.read('ListRoots', {}).then(() => null),
        unexpected: () => {
          throw new TypeError('password=hunter2');
        },
        known: () => {
          throw new KnownFailure('AWS is on fire');
        },
      },
      Mutation: {
        async write(_root, _args, { session, request }) {
          session.read('ListRoots', {}).catch(() => {});
          events.emit('subscribed');
          await new Promise<void>((resolve) => {
            finishWrite = resolve;
            request.abortSignal.addEventListener('abort', () => resolve());
          });
          events.emit('written');
          return 'done';
        },
      },
      Subscription: {
        ticks: { subscribe: () => ticks(), resolve: (tick: number) => tick },
        silent: { subscribe: () => silence(events) },
        stalled: {
          subscribe: (_root, _args, { session }) => session.read('ListRoots', {}).then(() => silence(events)),
        },
        late: {
          async subscribe() {
            events.emit('subscribed');
            await new Promise<void>((resolve) => {
              begin = resolve;
            });
            return silence(events);
          },
        },
        failing: { subscribe: () => failing(), resolve: (tick: number) => tick },
        refused: {
          subscribe: () => {
            throw new KnownFailure('AWS is on fire');
          },
        },
      },
    },
  });

  for (const [type, scope] of [
    [schema.getQueryType(), 'read'],
    [schema.getMutationType(), 'organization:write'],
    [schema.getSubscriptionType(), 'read'],
  ] as const) {
    for (const field of Object.values(type?.getFields() ?? {}))
      field.extensions = { ...requires(scope), ...(field.name === 'stalled' && upstreamCost({ calls: 5 })) };
  }

  const options: ServerOptions = {
    config,
    schema,
    upstream,
    watcher: noWatcher,
    log,
    observer,
    readiness,
    authenticate: await createAuthenticate(config.auth),
    principals: createPrincipals(config),
    toGraphQLError: (error) =>
      error instanceof KnownFailure ? new GraphQLError(error.message, { extensions: { code: 'ON_FIRE' } }) : undefined,
  };
  const server = isEmbedded() ? await startEmbedded(options) : await startServer(options);
  return {
    url: server.url,
    port: server.port,
    get state() {
      return server.state;
    },
    upstream,
    events,
    logged,
    finishWrite: () => finishWrite(),
    /** Lets the subscription that is late begin. */
    begin: () => begin(),
    next: (event: 'subscribed' | 'returned' | 'written') => once(events, event),
    close: server.close,
    async [Symbol.asyncDispose]() {
      await server.close();
    },
  };
}

async function* ticks() {
  yield 1;
  yield 2;
}

async function* failing() {
  yield 1;
  throw new KnownFailure('AWS is on fire');
}

/** An iterator that never yields, and says when it is subscribed to and when it is left. */
function silence(events: EventEmitter<Events>): AsyncIterableIterator<number> {
  let end = (_: IteratorResult<number>) => {};
  const ended = new Promise<IteratorResult<number>>((resolve) => {
    end = resolve;
  });
  return {
    next() {
      events.emit('subscribed');
      return ended;
    },
    async return() {
      end({ done: true, value: undefined });
      events.emit('returned');
      return ended;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

const unused = () => {
  throw new Error('this server has no watcher');
};
const noWatcher: Watcher = {
  watch: unused,
  watchList: unused,
  watchHandshake: unused,
  watchResponsibilityTransfer: unused,
  watchCreateAccountStatus: unused,
  hint: () => {},
  overduePollers: [],
  pollersOf: () => [],
  faults: 0,
  activePollers: 0,
  subscribers: 0,
  onDelivery: () => () => {},
  close: async () => {},
};

async function startEmbedded(options: ServerOptions): Promise<RunningServer> {
  const embedded = await EmbeddedServer.start(options, {});
  const host = await startHost(embedded);
  return {
    ...host,
    get state() {
      return embedded.state;
    },
  };
}
