import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import Fastify from 'fastify';

/**
 * Apollo Server on Fastify, its fastest integration, without its landing page, its reports and the cache hints that it
 * computes for every field.
 * @param {import('../contender.ts').PeerParts} parts
 * @param {Partial<import('@apollo/server').ApolloServerOptions<object>>} graph the schema, or a gateway that has one
 * @returns {Promise<number>} the port
 */
export async function startApollo({ createContext }, graph) {
  const server = new ApolloServer({
    ...graph,
    introspection: false,
    plugins: [ApolloServerPluginLandingPageDisabled(), ApolloServerPluginCacheControlDisabled()],
  });
  await server.start();
  const app = Fastify({ logger: false });
  app.post('/graphql', fastifyApolloHandler(server, { context: async () => createContext() }));
  await app.listen({ port: 0, host: '127.0.0.1' });
  return app.server.address().port;
}
