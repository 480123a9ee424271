import Fastify from 'fastify';
import mercurius from 'mercurius';

/**
 * Mercurius on Fastify, without GraphiQL.
 * @param {import('../contender.ts').PeerParts} parts
 * @param {number} jit number of executions before an operation is compiled; 0 never compiles
 * @returns {Promise<number>} the port
 */
export async function startMercurius({ schema, createContext }, jit) {
  const app = Fastify({ logger: false });
  await app.register(mercurius, { schema, context: createContext, jit, graphiql: false, path: '/graphql' });
  await app.listen({ port: 0, host: '127.0.0.1' });
  return app.server.address().port;
}
