import {
  DirectiveLocation,
  GraphQLBoolean,
  GraphQLDirective,
  GraphQLInt,
  GraphQLNonNull,
  GraphQLSchema,
  GraphQLString,
} from 'graphql';

/** As Yoga's plugin has it, which would have to be loaded for it; a test compares them. graphql-js 16 has none. */
export const deferDirective = new GraphQLDirective({
  name: 'defer',
  description: 'Directs the executor to defer this fragment when the `if` argument is true or undefined.',
  locations: [DirectiveLocation.FRAGMENT_SPREAD, DirectiveLocation.INLINE_FRAGMENT],
  args: {
    if: {
      type: new GraphQLNonNull(GraphQLBoolean),
      description: 'Deferred when true or undefined.',
      defaultValue: true,
    },
    label: { type: GraphQLString, description: 'Unique name' },
  },
});

/** As Yoga's plugin has it, too. */
export const streamDirective = new GraphQLDirective({
  name: 'stream',
  description: 'Directs the executor to stream plural fields when the `if` argument is true or undefined.',
  locations: [DirectiveLocation.FIELD],
  args: {
    if: {
      type: new GraphQLNonNull(GraphQLBoolean),
      description: 'Stream when true or undefined.',
      defaultValue: true,
    },
    label: { type: GraphQLString, description: 'Unique name' },
    initialCount: { type: GraphQLInt, description: 'Number of items to return immediately', defaultValue: 0 },
  },
});

/** The schema, with those of `@defer` and `@stream` that it lacks. */
export function withIncrementalDirectives(schema: GraphQLSchema): GraphQLSchema {
  const lacking = [deferDirective, streamDirective].filter(({ name }) => !schema.getDirective(name));
  if (lacking.length === 0) return schema;
  return new GraphQLSchema({ ...schema.toConfig(), directives: [...schema.getDirectives(), ...lacking] });
}
