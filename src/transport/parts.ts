import type { GraphQLError, GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { Config } from '../config/index.ts';
import type { AuthenticateClient } from '../pipeline/authenticate-client.ts';
import type { ByteBudget } from '../pipeline/byte-budget.ts';
import type { PersistedQueryStore } from '../pipeline/documents/persisted-queries.ts';
import type { FailedAttempts } from '../pipeline/failed-attempts.ts';
import type { OperationObserver } from '../pipeline/operation-observer.ts';
import type { SecurityLog } from '../pipeline/security-log.ts';
import type { Authenticate, Principal } from '../principal/index.ts';
import type { Upstream } from '../upstream/index.ts';
import type { Watcher } from '../watcher/types.ts';
import type { ClientAddresses } from './client-address.ts';
import type { Connections } from './connections.ts';
import type { ReadinessReport } from './readiness.ts';

/** What `startServer` takes. */
export type ServerOptions = Omit<
  ServerParts,
  'authenticate' | 'failedAttempts' | 'securityLog' | 'addresses' | 'buffers' | 'connections'
> & {
  readonly authenticate: Authenticate;
};

/** Everything that the server is put together from. */
export interface ServerParts {
  readonly config: Pick<
    Config,
    | 'host'
    | 'port'
    | 'graphiql'
    | 'graph'
    | 'log'
    | 'hints'
    | 'shutdown'
    | 'auth'
    | 'allowedHosts'
    | 'allowedOrigins'
    | 'trustedProxies'
    | 'introspection'
    | 'trustedDocuments'
    | 'persistedQueries'
    | 'limits'
  >;
  readonly schema: GraphQLSchema;
  /** Reports and slows down attempts that fail. */
  readonly authenticate: AuthenticateClient;
  readonly failedAttempts: FailedAttempts;
  readonly principals: readonly Principal[];
  readonly upstream: Upstream;
  readonly watcher: Watcher;
  readonly log: Logger;
  /** Whether what the gateway depends on can be reached; absent where that is not asked. */
  readonly readiness?: (() => Promise<ReadinessReport>) | undefined;
  readonly securityLog: SecurityLog;
  readonly addresses: ClientAddresses;
  readonly buffers: ByteBudget;
  /** Where persisted queries are kept; absent where each gateway keeps its own, or none. */
  readonly persistedQueries?: PersistedQueryStore | undefined;
  readonly connections: Connections;
  /** Looks on, for metrics; absent when nobody wants them. */
  readonly observer?: OperationObserver | undefined;
  /** The GraphQL error for a failure that callers may see; undefined for one that they may not, which is then masked. */
  readonly toGraphQLError: (error: unknown) => GraphQLError | undefined;
}
