import { accountOf } from '../world/accounts.ts';
import { World, type WorldOptions } from '../world/world.ts';

/** One standalone account, in no organization. */
export function createEmptyWorld(
  options: Omit<WorldOptions, 'defaultAccountId'> & { readonly defaultAccountId?: string },
): World {
  const world = new World({ defaultAccountId: '123456789012', ...options });
  accountOf(world, world.defaultAccountId);
  return world;
}
