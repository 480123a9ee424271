import { dirname, resolve } from 'node:path';
import { DEFAULT_HOST } from '../config/addresses.ts';
import { ConfigError, type Mistake } from '../config/config-error.ts';
import { DOES_NOT_EXIST, IS_FOLDER, whyUnreadable } from '../config/file.ts';
import { type Simulator, type SimulatorOptions, startSimulator, WorldFileError } from '../simulator/index.ts';
import { listenError } from '../transport/listen.ts';

export interface WorldOptions {
  /** `demo`, `empty`, or the path of a JSON file. */
  readonly seed?: string;
  readonly accounts?: number;
  /** The path of the file that stores the world across restarts. */
  readonly state?: string;
  readonly autoRespond?: boolean;
  /** False if SCPs and RCPs restrict no calls. */
  readonly controlPolicies?: boolean;
}

/** Finds unreadable files among the options, before they are parsed. */
export async function worldMistakes({ seed = 'demo', state }: WorldOptions): Promise<Mistake[]> {
  const mistakes: Mistake[] = [];
  const add = (source: string, text: string) => mistakes.push({ source, text: `${source}: ${text}` });
  const seedFault = seed === 'demo' || seed === 'empty' ? undefined : await whyUnreadable(seed);
  if (seedFault !== undefined) add('--seed', `${seed} ${seedFault}; expected demo, empty or a JSON file`);
  const stateFault = state === undefined ? undefined : await whyUnreadable(state);
  if (state === undefined || stateFault === undefined) return mistakes;
  if (stateFault !== DOES_NOT_EXIST) add('--state', `${state} ${stateFault}; expected a JSON file`);
  // The simulator creates a missing file, but not its folder.
  else if ((await whyUnreadable(dirname(resolve(state)))) !== IS_FOLDER)
    add('--state', `the folder ${dirname(state)} does not exist; create it first`);
  return mistakes;
}

/**
 * Starts the simulator with the world of the options. Rejects with a `ConfigError` for an invalid world file, and with
 * a `ListenError` if it cannot listen.
 */
export async function startWorld(
  { seed, accounts, state, autoRespond, controlPolicies }: WorldOptions,
  options: Omit<SimulatorOptions, 'seed' | 'accounts' | 'stateFile' | 'autoRespond' | 'settings'>,
): Promise<Simulator> {
  try {
    return await startSimulator({
      ...options,
      ...(seed !== undefined && { seed: seed === 'demo' || seed === 'empty' ? seed : { file: seed } }),
      ...(accounts !== undefined && { accounts }),
      ...(state !== undefined && { stateFile: state }),
      ...(autoRespond !== undefined && { autoRespond }),
      ...(controlPolicies === false && { settings: { enforceControlPolicies: false } }),
    });
  } catch (error) {
    if (error instanceof WorldFileError) throw new ConfigError(error.message.replace(/\s*\n\s*/g, ' '));
    throw listenError(error, options.host ?? DEFAULT_HOST, options.port ?? 0);
  }
}
