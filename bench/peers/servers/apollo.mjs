import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';

/**
 * Apollo Server, without its landing page and its reports.
 * @type {import('../contender.ts').StartPeer}
 */
export async function start({ schema, createContext }) {
  const server = new ApolloServer({ schema, introspection: false, includeStacktraceInErrorResponses: false });
  const { url } = await startStandaloneServer(server, {
    context: async () => createContext(),
    listen: { port: 0, host: '127.0.0.1' },
  });
  return Number(new URL(url).port);
}
