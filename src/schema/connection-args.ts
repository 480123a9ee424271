import type { GraphContext } from './context.ts';
import { badInput } from './ids.ts';

export interface ConnectionArgs {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

export const defaultFirst = 20;

/**
 * Returns the number of items that a connection may have.
 * @param source Which data answers: the copy of the organization allows longer connections.
 * @throws GraphQLError BAD_USER_INPUT for a `first` out of range.
 */
export function checkFirst(
  { first: given }: ConnectionArgs,
  { principal, settings }: Pick<GraphContext, 'principal' | 'settings'>,
  source: 'AWS' | 'copy',
): number {
  const { maxFirst, inventoryMaxFirst, copyOf } = settings;
  const first = given ?? defaultFirst;
  const maximum = source === 'copy' ? inventoryMaxFirst : maxFirst;
  if (first < 1) throw badInput('first', `${first} is too small; request 1 to ${maximum} items.`);
  if (first <= maximum) return first;
  const hasCopy = source === 'AWS' && inventoryMaxFirst > maxFirst && copyOf(principal) !== undefined;
  const otherwise = hasCopy
    ? `, or of ${inventoryMaxFirst} where the copy of the organization answers (extensions.orgql.maxAge)`
    : '';
  throw badInput(
    'first',
    `${first} is above this gateway's maximum of ${maximum}${otherwise}; request fewer items and continue with \`after\`.`,
  );
}
