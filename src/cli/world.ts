import type { SimulatorOptions } from '../simulator/index.ts';

export interface WorldOptions {
  readonly seed?: string;
  readonly accounts?: number;
}

export function readWorld({ seed = 'demo' }: WorldOptions): Pick<SimulatorOptions, 'seed'> {
  return { seed: seed === 'empty' ? 'empty' : 'demo' };
}
