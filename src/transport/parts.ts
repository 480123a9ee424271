import type { Config } from '../config/index.ts';
import type { FailedAttempts } from '../pipeline/authenticate-client.ts';
import type { PipelineDependencies } from '../pipeline/graphql.ts';
import type { OperationObserver } from '../pipeline/steps/observer.ts';
import type { Authenticate } from '../principal/index.ts';
import type { ClientAddresses } from './client-address.ts';
import type { ConnectionState, Connections } from './connections.ts';
import type { ReadinessReport } from './readiness.ts';

/** What `startServer` takes. */
export type ServerOptions = Omit<
  ServerParts,
  'authenticate' | 'failedAttempts' | 'securityLog' | 'addresses' | 'buffers' | 'connections'
> & {
  readonly authenticate: Authenticate;
};

/** Everything that the server is put together from. */
export interface ServerParts extends PipelineDependencies {
  readonly config: PipelineDependencies['config'] &
    Pick<
      Config,
      'host' | 'port' | 'graphiql' | 'hints' | 'shutdown' | 'allowedHosts' | 'allowedOrigins' | 'trustedProxies'
    >;
  readonly failedAttempts: FailedAttempts;
  /** Whether what the gateway depends on can be reached; absent where that is not checked. */
  readonly readiness?: (() => Promise<ReadinessReport>) | undefined;
  readonly addresses: ClientAddresses;
  readonly connections: Connections;
  readonly observer?: ServerObserver | undefined;
}

/** Observes operations and the server, for metrics. */
export interface ServerObserver extends OperationObserver {
  /** The server has started; `read` gives what it holds for its clients now. */
  serverStarted?(read: () => ServerState): void;
}

/** What the server holds for its clients. */
export interface ServerState {
  /** See `ByteBudget.total`. */
  readonly bufferedBytes: number;
  readonly connections: Readonly<Record<ConnectionState, number>>;
}
