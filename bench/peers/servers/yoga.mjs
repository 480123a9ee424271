import { createYoga } from 'graphql-yoga';
import { listenOnFreePort } from './listen.mjs';

/**
 * GraphQL Yoga with defaults: its own handler on node:http.
 * @type {import('../contender.ts').StartPeer}
 */
export function start({ schema, createContext }) {
  return listenOnFreePort(createYoga({ schema, context: createContext, logging: false, graphiql: false }));
}
