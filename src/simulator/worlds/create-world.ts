import type { SimulatorClock } from '../clock.ts';
import type { World, WorldSettings } from '../world/world.ts';
import { createDemoWorld } from './demo.ts';
import { createEmptyWorld } from './empty.ts';
import { fillOrganization } from './fill-organization.ts';
import { loadWorld } from './load-world.ts';
import { parseWorldFile, readWorldFile, WorldFileError } from './world-file.ts';

export interface CreateOptions {
  readonly account?: string;
  readonly accounts?: number;
  readonly settings?: WorldSettings;
}

/**
 * Creates a world from a seed: `demo`, `empty`, a world as JSON, or a file with one.
 *
 * @throws {WorldFileError}
 */
export function createWorld(seed: unknown, clock: SimulatorClock, options: CreateOptions): World {
  const world = createSeededWorld(seed, clock, options);
  if (options.accounts !== undefined) fillOrganization(world, options.accounts);
  return world;
}

function createSeededWorld(seed: unknown, clock: SimulatorClock, { account, settings }: CreateOptions): World {
  const given = {
    clock,
    ...(account !== undefined && { defaultAccountId: account }),
    ...(settings && { settings }),
  };
  if (seed === undefined || seed === 'demo') return createDemoWorld(given);
  if (seed === 'empty') return createEmptyWorld(given);
  if (typeof seed === 'string')
    throw new WorldFileError(
      `The seed ${JSON.stringify(seed)} does not exist. Use "demo", "empty", a world or { file: "PATH" }.`,
    );
  const fromFile = typeof seed === 'object' && seed !== null && 'file' in seed && typeof seed.file === 'string';
  const data = fromFile ? readWorldFile(String(seed.file)) : parseWorldFile(seed);
  // Time must not go back in a saved world.
  if (data.time !== undefined && data.time > clock.now()) clock.set(data.time);
  return loadWorld(data, given);
}
