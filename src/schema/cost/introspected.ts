import {
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
} from 'graphql';
import type { Selected } from './collect-fields.ts';

/** Fields of the schema itself: GraphQL reserves names that begin so. */
export const isIntrospection = (name: string): boolean => name.startsWith('__');

export interface Introspection {
  readonly schema: GraphQLSchema;
  readonly select: (type: GraphQLObjectType, of: Selected) => readonly Selected[];
  readonly argumentsOf: (of: Selected) => Readonly<Record<string, unknown>> | undefined;
  /** Where counting stops. */
  readonly most: number;
}

/**
 * How many values an introspection is answered with, its own among them, in as many places. The schema is known, so they are counted as they are,
 * level by level; above `most` that is some number above it.
 */
export function introspectedValues(field: Selected, places: number, { schema, most, ...how }: Introspection): number {
  let values = 0;
  const info = { schema } as GraphQLResolveInfo;

  function count(one: Selected, sources: readonly unknown[]): void {
    values += sources.length * places;
    const type = getNamedType(one.definition.type);
    const args = how.argumentsOf(one);
    // Its types are all objects.
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
