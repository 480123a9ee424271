import { GraphQLError } from 'graphql';

/**
 * Refuses a condition that AWS answers only with a call per object.
 * @throws GraphQLError INVENTORY_REQUIRED if the condition is given.
 */
export function refuseWithoutInventory(argument: string, condition: unknown): void {
  if (condition == null) return;
  throw inventoryRequired(
    argument,
    "AWS's lists do not have this, so it would take a call per object. Keep the organization in memory with the setting `inventory`, and accept its age with `maxAge`.",
  );
}

/** Creates the error of a field or argument that only the copy of an organization can answer. */
export const inventoryRequired = (argument: string, problem: string): GraphQLError =>
  new GraphQLError(`${argument}: ${problem}`, {
    extensions: { code: 'INVENTORY_REQUIRED', reason: null, retryable: false, argument },
  });
