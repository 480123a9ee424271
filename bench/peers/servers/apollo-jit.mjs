import { compileQuery, isCompiledQuery } from 'graphql-jit';
import { startApollo } from './start-apollo.mjs';

/** Maximum number of compiled operations, as in Mercurius. */
const MOST_COMPILED = 1024;

/**
 * Apollo Server has no JIT, but a gateway can replace its executor.
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
