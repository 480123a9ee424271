import {
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
} from 'graphql';
import type { SelectedField } from './collect-fields.ts';

/** GraphQL reserves names that begin with two underscores for introspection. */
export const isIntrospection = (name: string): boolean => name.startsWith('__');

export interface Introspection {
  readonly schema: GraphQLSchema;
  readonly select: (type: GraphQLObjectType, of: SelectedField) => readonly SelectedField[];
  readonly argumentsOf: (of: SelectedField) => Readonly<Record<string, unknown>> | undefined;
  /** Counting stops above this number of values. */
  readonly maxValues: number;
}

/**
 * Counts the values of an introspection field exactly, including itself. Stops above `maxValues`.
 * @param places How often the field is in the response.
 */
export function countIntrospectedValues(
  field: SelectedField,
  places: number,
  { schema, maxValues, ...how }: Introspection,
): number {
  let values = 0;
  const info = { schema } as GraphQLResolveInfo;

  function count(one: SelectedField, sources: readonly unknown[]): void {
    values += sources.length * places;
    const type = getNamedType(one.definition.type);
    const args = how.argumentsOf(one);
    // All composite introspection types are object types.
    if (!isObjectType(type) || args === undefined || values > maxValues) return;
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
