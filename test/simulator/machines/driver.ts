import { createClock, type Simulator, type SimulatorOptions, startSimulator } from '../../../src/simulator/index.ts';
import type { OperationName } from '../../../src/simulator/model/operations.ts';
import { attempt, type Outcome } from '../raw-call.ts';

/** Runs with a new world and a stopped clock. */
export async function withWorld(options: SimulatorOptions, run: (driver: Driver) => Promise<void>): Promise<void> {
  const clock = createClock({ start: Date.UTC(2026, 2, 10), rate: 0 });
  await using simulator = await startSimulator({ seed: 'empty', clock, ...options });
  await run(new Driver(simulator));
}

export class Driver {
  readonly simulator: Simulator;

  constructor(simulator: Simulator) {
    this.simulator = simulator;
  }

  call(accountId: string, operation: OperationName, input: object = {}): Promise<Outcome> {
    return attempt(this.simulator.url, accountId, operation, input);
  }

  advance(ms: number): void {
    this.simulator.clock.advance(ms);
  }

  get now(): number {
    return this.simulator.clock.now();
  }
}

export function verdict({ error, reason }: Outcome): string {
  return error === undefined ? 'done' : reason === undefined ? error : `${error} ${reason}`;
}

export function idIn(outcome: Outcome, member: string): string {
  const value = outcome.output[member];
  if (typeof value === 'object' && value !== null && 'Id' in value && typeof value.Id === 'string') return value.Id;
  throw new Error(`no Id in ${member}: ${JSON.stringify(outcome)}`);
}
