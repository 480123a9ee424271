import { GraphQLError } from 'graphql';

/**
 * Refuses a condition that AWS answers only with a call per object.
 * @throws GraphQLError INVENTORY_REQUIRED if the condition is given.
 */
export function refuseWithoutInventory(argument: string, condition: unknown): void {
  if (condition == null) return;
  throw new GraphQLError(
    `${argument}: AWS's lists do not have this, so it would take a call per object. Keep the organization in memory with the setting \`inventory\`, and accept its age with \`maxAge\`.`,
    { extensions: { code: 'INVENTORY_REQUIRED', reason: null, retryable: false, argument } },
  );
}
