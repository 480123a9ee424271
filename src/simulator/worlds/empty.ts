import { getOrCreateAccount } from '../world/accounts.ts';
import { World, type WorldOptions } from '../world/world.ts';

/** Creates one standalone account. */
export function createEmptyWorld(
  options: Omit<WorldOptions, 'defaultAccountId'> & { readonly defaultAccountId?: string },
): World {
  const world = new World({ defaultAccountId: '123456789012', ...options });
  getOrCreateAccount(world, world.defaultAccountId);
  return world;
}
