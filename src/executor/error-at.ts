import { GraphQLError } from 'graphql';
import { shortened } from './quoted.ts';

/** Another error at the same place of the document and the answer; without one, at none. */
export function errorAt(
  located: GraphQLError | undefined,
  message: string,
  extensions: GraphQLError['extensions'],
): GraphQLError {
  const error = new GraphQLError(message, { path: located?.path ?? null, extensions });
  if (located !== undefined) placeAt(error, located);
  return error;
}

/** Where an error stands in the document. */
type Place = Pick<GraphQLError, 'nodes' | 'source' | 'positions' | 'locations'>;

/** Gives an error its place. graphql-js works out lines and columns anew for each error, in time that grows with the document. */
export function placeAt(error: GraphQLError, { nodes, source, positions, locations }: Place): void {
  Object.defineProperties(error, {
    nodes: { value: nodes },
    source: { value: source },
    positions: { value: positions },
    locations: { value: locations, enumerable: locations !== undefined },
  });
}

/** Of an error's message, in characters. */
const MAX_MESSAGE = 1_000;
/** Of an error's places in the document: those of a field that is selected often. */
const MAX_LOCATIONS = 20;

/** The same error, small enough to be sent: what a client sent may be quoted in it as a whole. */
export function boundedError(error: GraphQLError): GraphQLError {
  const { message, locations } = error;
  const isLong = message.length > MAX_MESSAGE;
  if (!isLong && (locations === undefined || locations.length <= MAX_LOCATIONS)) return error;
  const bounded = errorAt(error, shortened(message, MAX_MESSAGE), error.extensions);
  placeAt(bounded, { ...placeOf(error), locations: locations?.slice(0, MAX_LOCATIONS) });
  return bounded;
}

const placeOf = ({ nodes, source, positions, locations }: GraphQLError): Place => ({
  nodes,
  source,
  positions,
  locations,
});
