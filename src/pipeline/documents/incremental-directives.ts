import { GraphQLSchema } from 'graphql';
import { incrementalDirectives } from '../../schema/incremental-directives.ts';

/** The schema, with those of `@defer` and `@stream` that it lacks. */
export function withIncrementalDirectives(schema: GraphQLSchema): GraphQLSchema {
  const lacking = incrementalDirectives.filter(({ name }) => !schema.getDirective(name));
  if (lacking.length === 0) return schema;
  return new GraphQLSchema({ ...schema.toConfig(), directives: [...schema.getDirectives(), ...lacking] });
}
