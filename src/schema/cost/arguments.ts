import { type GraphQLField, getArgumentValues } from 'graphql';
import type { SelectedField } from './collect-fields.ts';

/** The arguments of a field; undefined if one is invalid, as the executor then rejects the field without a call. */
export function argumentsOf(
  definition: GraphQLField<unknown, unknown>,
  [node]: SelectedField['nodes'],
  variables: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> | undefined {
  try {
    return node && getArgumentValues(definition, node, variables);
  } catch {
    return undefined;
  }
}

/**
 * Counts the items of the lists in an argument, at any depth.
 * @param known Caches the counts, as one variable may be an argument of many fields.
 */
export function countListItems(value: unknown, known: WeakMap<object, number>): number {
  if (typeof value !== 'object' || value === null) return 0;
  let items = known.get(value);
  if (items !== undefined) return items;
  items = Array.isArray(value) ? value.length : 0;
  for (const member of Object.values(value)) items += countListItems(member, known);
  known.set(value, items);
  return items;
}

/** In characters. Longer arguments are not compared, as many fields may have the same long variable. */
const MAX_COMPARED_LENGTH = 64;

/**
 * Returns a key that is equal for fields whose arguments select the same items of a list; undefined for arguments that
 * are not compared.
 */
export function argumentsKey(args: Readonly<Record<string, unknown>>): string | undefined {
  let text = '';
  for (const [name, value] of Object.entries(args)) {
    if (name === 'first' || name === 'after' || value == null) continue;
    if (typeof value === 'object' || (typeof value === 'string' && value.length > MAX_COMPARED_LENGTH))
      return undefined;
    text += `${name}:${JSON.stringify(value)},`;
  }
  return text;
}
