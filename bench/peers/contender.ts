import type { GraphQLSchema } from 'graphql';
import type { GraphContext } from '../../src/schema/index.ts';

/** What each server is built from: orgql's schema over the world in memory. */
export interface PeerParts {
  readonly schema: GraphQLSchema;
  /** Creates the context of a request's resolvers. */
  readonly createContext: () => GraphContext;
}

/**
 * Starts a peer on a free port of 127.0.0.1 and resolves with the port. Each file of `servers/` exports one as `start`.
 */
export type StartPeer = (parts: PeerParts) => Promise<number>;

export interface Contender {
  readonly name: string;
  readonly title: string;
  /** How its process starts it: orgql, a file of `servers/`, or the same reply to each request. */
  readonly kind: 'orgql' | 'peer' | 'fixed';
  /** orgql only: whether callers must authenticate. */
  readonly apiKeys?: true;
  /** orgql only: observability beyond the defaults. */
  readonly watchedBy?: 'metrics' | 'log' | 'traces';
  /** The only rows that it runs. Default: all. */
  readonly rows?: readonly string[];
}

export const ORGQL = 'orgql';
export const YOGA = 'yoga';
export const MERCURIUS_JIT = 'mercurius-jit';
export const BARE = 'http';

/** The contender that all others are compared with. */
export const orgql: Contender = { name: ORGQL, title: 'orgql', kind: 'orgql' };

export const contenders: readonly Contender[] = [
  orgql,
  { name: 'orgql-keys', title: 'orgql, callers with API keys', kind: 'orgql', apiKeys: true, rows: ['tiny', 'list'] },
  ...(['metrics', 'log', 'traces'] as const).map((watchedBy): Contender => {
    const by = { metrics: 'with metrics', log: 'with its log at debug', traces: 'with traces' }[watchedBy];
    return { name: `orgql-${watchedBy}`, title: `orgql, ${by}`, kind: 'orgql', watchedBy, rows: ['tiny', 'list'] };
  }),
  { name: YOGA, title: 'GraphQL Yoga', kind: 'peer' },
  { name: 'yoga-jit', title: 'GraphQL Yoga, graphql-jit', kind: 'peer' },
  { name: 'apollo', title: 'Apollo Server on Fastify', kind: 'peer' },
  { name: 'apollo-jit', title: 'Apollo Server on Fastify, graphql-jit', kind: 'peer' },
  { name: 'mercurius', title: 'Mercurius', kind: 'peer' },
  { name: MERCURIUS_JIT, title: 'Mercurius, its JIT', kind: 'peer' },
  { name: BARE, title: 'bare node:http, a fixed reply', kind: 'fixed' },
];
