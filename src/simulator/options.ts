import type { AutoRespondOptions } from './auto-respond.ts';
import type { SimulatorClock } from './clock.ts';
import type { SimulatorControl } from './control/control.ts';
import type { Faults, Latency } from './faults/faults.ts';
import type { World, WorldSettings } from './world/world.ts';
import type { WorldFile } from './worlds/world-file-schema.ts';

export interface SimulatorOptions {
  /** Address to listen on. 127.0.0.1 when absent. */
  readonly host?: string;
  /** TCP port; 0, the default, takes any free one. */
  readonly port?: number;
  /** What the world holds at the start: `demo` when absent, or a world as JSON, or the path of a file with one. */
  readonly seed?: 'demo' | 'empty' | WorldFile | { readonly file: string };
  /** Fills up the default account's organization to that many accounts. */
  readonly accounts?: number;
  /** Whose account an access key belongs to that names none. */
  readonly account?: string;
  /** Keeps the world in this file, across restarts: read at the start if it is there, written when something changes. */
  readonly stateFile?: string;
  readonly clock?: SimulatorClock;
  /** How long AWS's background work takes, and the quotas of new organizations. */
  readonly settings?: WorldSettings;
  /** Whether, and how, the simulator responds to invitations as the invited party. */
  readonly autoRespond?: boolean | AutoRespondOptions;
  /** Verifies Signature Version 4; every key that STS did not hand out then has this secret. */
  readonly verifySignatures?: { readonly secretAccessKey: string };
  /** In ms. */
  readonly latencyMs?: Latency;
  /** The share of list calls that answer an empty page with a token; true is every other one. */
  readonly emptyPages?: boolean | number;
  /** Whether AWS's documented rates are enforced. */
  readonly throttle?: boolean;
  /** All faults at once. The options above override them. */
  readonly faults?: Partial<Faults>;
  /** Of what happens by probability. */
  readonly randomSeed?: number;
  /** Told of errors that are the simulator's own fault. To the console when absent. */
  readonly onError?: (error: unknown) => void;
}

export interface Simulator extends AsyncDisposable {
  /** Endpoint for any AWS client, without a path. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly clock: SimulatorClock;
  /** The state, to look at and to prepare. */
  readonly world: World;
  readonly control: SimulatorControl;
  /** Stops listening, ends every connection, those without a reply too, and writes the state file. */
  close(): Promise<void>;
}
