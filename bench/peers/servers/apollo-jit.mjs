import { compileQuery, isCompiledQuery } from 'graphql-jit';
import { startApollo } from './start-apollo.mjs';

/** The most operations that are kept compiled, as many as Mercurius keeps. */
const MOST_COMPILED = 1024;

/**
 * Apollo Server has no JIT of its own; a gateway is its way to have operations executed by something else.
 * @type {import('../contender.ts').StartPeer}
 */
export function start(parts) {
  const { schema } = parts;
  const compiled = new Map();
  const executor = ({ document, queryHash, operationName, request, context }) => {
    const key = `${queryHash} ${operationName}`;
    let query = compiled.get(key);
    if (query === undefined) {
      query = compileQuery(schema, document, operationName ?? undefined);
      if (compiled.size === MOST_COMPILED) compiled.delete(compiled.keys().next().value);
      compiled.set(key, query);
    }
    return isCompiledQuery(query) ? query.query(undefined, context, request.variables ?? {}) : query;
  };
  const gateway = {
    load: async () => ({ executor }),
    onSchemaLoadOrUpdate(listener) {
      listener({ apiSchema: schema, coreSupergraphSdl: '' });
      return () => {};
    },
    stop: async () => {},
  };
  return startApollo(parts, { gateway });
}
