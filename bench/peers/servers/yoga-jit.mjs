import { useGraphQlJit } from '@envelop/graphql-jit';
import { createYoga } from 'graphql-yoga';
import { listenOnFreePort } from './listen.mjs';

/**
 * GraphQL Yoga with compiled operations.
 * @type {import('../contender.ts').StartPeer}
 */
export function start({ schema, createContext }) {
  const plugins = [useGraphQlJit()];
  return listenOnFreePort(createYoga({ schema, context: createContext, plugins, logging: false, graphiql: false }));
}
