import {
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
} from 'graphql';
import type { Selected } from './collect-fields.ts';

/** GraphQL reserves names that begin with two underscores for introspection. */
export const isIntrospection = (name: string): boolean => name.startsWith('__');

export interface Introspection {
  readonly schema: GraphQLSchema;
  readonly select: (type: GraphQLObjectType, of: Selected) => readonly Selected[];
  readonly argumentsOf: (of: Selected) => Readonly<Record<string, unknown>> | undefined;
  /** Counting stops above this number of values. */
  readonly most: number;
}

/**
 * Counts the values of an introspection field, itself included, exactly, as the schema is known. Returns any number above
 * `most` if there are more.
 * @param places How often the field is in the response.
 */
export function introspectedValues(field: Selected, places: number, { schema, most, ...how }: Introspection): number {
  let values = 0;
  const info = { schema } as GraphQLResolveInfo;

  function count(one: Selected, sources: readonly unknown[]): void {
    values += sources.length * places;
    const type = getNamedType(one.definition.type);
    const args = how.argumentsOf(one);
    // All composite introspection types are object types.
    if (!isObjectType(type) || args === undefined || values > most) return;
    const found: unknown[] = [];
    for (const source of sources) {
      const value = one.definition.resolve?.(source, args, undefined, info);
      if (Array.isArray(value)) for (const each of value) found.push(each);
      else if (value != null) found.push(value);
    }
    for (const inside of how.select(type, one)) count(inside, found);
  }

  count(field, [undefined]);
  return values;
}
