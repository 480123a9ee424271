import {
  DirectiveLocation,
  GraphQLBoolean,
  GraphQLDirective,
  GraphQLInt,
  GraphQLNonNull,
  GraphQLString,
} from 'graphql';

const when = (description: string) => ({
  type: new GraphQLNonNull(GraphQLBoolean),
  defaultValue: true,
  description,
});
const label = { type: GraphQLString, description: 'Unique name' };

/**
 * graphql 16 does not define these directives, which the executor supports. The definitions are those of Yoga's plugin.
 */
export const incrementalDirectives = [
  new GraphQLDirective({
    name: 'defer',
    description: 'Directs the executor to defer this fragment when the `if` argument is true or undefined.',
    locations: [DirectiveLocation.FRAGMENT_SPREAD, DirectiveLocation.INLINE_FRAGMENT],
    args: { if: when('Deferred when true or undefined.'), label },
  }),
  new GraphQLDirective({
    name: 'stream',
    description: 'Directs the executor to stream plural fields when the `if` argument is true or undefined.',
    locations: [DirectiveLocation.FIELD],
    args: {
      if: when('Stream when true or undefined.'),
      label,
      initialCount: { type: GraphQLInt, defaultValue: 0, description: 'Number of items to return immediately' },
    },
  }),
];
