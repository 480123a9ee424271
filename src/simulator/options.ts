import type { AutoRespondOptions } from './auto-respond.ts';
import type { OrganizationsClient } from './client-pool.ts';
import type { SimulatorClock } from './clock.ts';
import type { SimulatorControl } from './control/control.ts';
import type { Faults, Latency } from './faults/faults.ts';
import type { World, WorldSettings } from './world/world.ts';
import type { WorldFile } from './worlds/world-file-schema.ts';

export interface SimulatorOptions {
  /** Address to listen on. Default: 127.0.0.1. */
  readonly host?: string;
  /** TCP port. Default: 0, which picks a free port. */
  readonly port?: number;
  /** Initial world: a name, a world as JSON, or the path of a file with one. Default: `demo`. */
  readonly seed?: 'demo' | 'empty' | WorldFile | { readonly file: string };
  /** Adds accounts to the default account's organization until it has this many. */
  readonly accounts?: number;
  /** Account id of access keys that select no account. Default: the world's. */
  readonly account?: string;
  /**
   * File that keeps the world across restarts. It is read at the start if it exists, and written within 1 s of a
   * change.
   */
  readonly stateFile?: string;
  readonly clock?: SimulatorClock;
  /** Durations of AWS's background work, and the quotas of new organizations. */
  readonly settings?: WorldSettings;
  /** Responds to invitations as the invited party. Default: false. */
  readonly autoRespond?: boolean | AutoRespondOptions;
  /**
   * Verifies Signature Version 4. Keys that the simulator's STS did not issue must use this secret. Default: any
   * secret.
   */
  readonly verifySignatures?: { readonly secretAccessKey: string };
  /** Latency of replies, in ms. Default: 0. */
  readonly latencyMs?: Latency;
  /**
   * Share of list calls, 0 to 1, that return an empty page with a NextToken. True makes every other page empty.
   * Default: 0.
   */
  readonly emptyPages?: boolean | number;
  /** Enforces AWS's documented rate limits. Default: false. */
  readonly throttle?: boolean;
  /** Multiple of AWS's documented rates that `throttle` enforces. Default: 1. */
  readonly throttleFactor?: number;
  /** Initial faults. The options above take precedence. */
  readonly faults?: Partial<Faults>;
  /** Seed of random latencies, empty pages and failures. Default: 1. */
  readonly randomSeed?: number;
  /** Receives the simulator's internal errors. Default: writes them to the console. */
  readonly onError?: (error: unknown) => void;
}

export interface Simulator extends AsyncDisposable {
  /** Endpoint for AWS clients, without a path. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly clock: SimulatorClock;
  /** The current state, for tests to read and to prepare. `PUT /_orgql/world` replaces it. */
  readonly world: World;
  readonly control: SimulatorControl;
  /**
   * Returns the AWS SDK's client with the credentials of an account, in the region us-east-1. Each call for an account
   * returns the same client, which `close` destroys.
   *
   * @throws {TypeError} if the id does not have 12 digits
   */
  client(accountId: string): OrganizationsClient;
  /**
   * Returns to the start: a new world of the seed, the time, rate and faults of the start, and no counted requests.
   * Clients and connections stay.
   *
   * @param seed another seed. Default: the one of the options, also where a state file was loaded
   * @throws {WorldFileError} if the seed is not a world; nothing changes then
   */
  reset(seed?: SimulatorOptions['seed']): void;
  /** Stops listening, closes all connections, pending requests included, and writes the state file. */
  close(): Promise<void>;
}
