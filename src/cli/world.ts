import { listenError } from '../server/listen.ts';
import { type Simulator, type SimulatorOptions, startSimulator, WorldFileError } from '../simulator/index.ts';
import { UsageError } from './usage-error.ts';

export interface WorldOptions {
  /** `demo`, `empty`, or the path of a JSON file. */
  readonly seed?: string;
  readonly accounts?: number;
  /** The path of the file that keeps the world. */
  readonly state?: string;
  readonly autoRespond?: boolean;
}

/**
 * Starts the simulator with the world that the command line asks for.
 * Rejects with a `UsageError` for a seed that is none, and with a `ListenError` when its address cannot be had.
 */
export async function startWorld(
  { seed, accounts, state, autoRespond }: WorldOptions,
  options: Omit<SimulatorOptions, 'seed' | 'accounts' | 'stateFile' | 'autoRespond'>,
): Promise<Simulator> {
  try {
    return await startSimulator({
      ...options,
      ...(seed !== undefined && { seed: seed === 'demo' || seed === 'empty' ? seed : { file: seed } }),
      ...(accounts !== undefined && { accounts }),
      ...(state !== undefined && { stateFile: state }),
      ...(autoRespond !== undefined && { autoRespond }),
    });
  } catch (error) {
    if (error instanceof WorldFileError) throw new UsageError(error.message.replace(/\s*\n\s*/g, ' '));
    throw listenError(error, options.host ?? '127.0.0.1', options.port ?? 0);
  }
}
