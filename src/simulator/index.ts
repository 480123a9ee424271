import { randomBytes } from 'node:crypto';
import { createClock, type SimulatorClock } from './clock.ts';
import { SimulatorControl } from './control/control.ts';
import { Pager } from './paging/pager.ts';
import { parseAuthorization } from './protocol/authorization.ts';
import { listen } from './protocol/listen.ts';
import { createSimulatorServer } from './protocol/server.ts';
import type { Latency, Weather } from './weather/weather.ts';
import type { Settings } from './world/settings.ts';
import type { World } from './world/world.ts';
import { createDemoWorld } from './worlds/demo.ts';
import { createEmptyWorld } from './worlds/empty.ts';

export type { ClockOptions, SimulatorClock } from './clock.ts';
export { createClock } from './clock.ts';
export type { SimulatorControl } from './control/control.ts';
export type { RequestCount } from './control/request-log.ts';
export type { Failure, FailureRule, Latency, Weather } from './weather/weather.ts';
export type { Settings } from './world/settings.ts';
export type { World } from './world/world.ts';

export interface SimulatorOptions {
  /** Address to listen on. 127.0.0.1 when absent. */
  readonly host?: string;
  /** TCP port; 0, the default, takes any free one. */
  readonly port?: number;
  /** What the world holds at the start. `demo` when absent. */
  readonly seed?: 'demo' | 'empty';
  /** Whose account an access key belongs to that names none. */
  readonly account?: string;
  readonly clock?: SimulatorClock;
  /** How long AWS's background work takes, and the quotas of new organizations. */
  readonly settings?: Partial<Settings>;
  /** In ms. */
  readonly latencyMs?: Latency;
  /** The share of list calls that answer an empty page with a token; true is every other one. */
  readonly emptyPages?: boolean | number;
  /** Whether AWS's documented rates are enforced. */
  readonly throttle?: boolean;
  /** All of the weather at once; what is above wins. */
  readonly weather?: Partial<Weather>;
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
  /** Stops listening and ends every connection, those without a reply too. */
  close(): Promise<void>;
}

/** AWS Organizations and the part of STS that it takes, on one port. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const clock = options.clock ?? createClock();
  const createWorld = options.seed === 'empty' ? createEmptyWorld : createDemoWorld;
  const world = createWorld({
    clock,
    ...(options.account !== undefined && { defaultAccountId: options.account }),
    ...(options.settings && { settings: options.settings }),
  });
  const control = new SimulatorControl({
    weather: {
      ...options.weather,
      ...(options.latencyMs !== undefined && { latency: options.latencyMs }),
      ...(options.emptyPages !== undefined && { emptyPages: Number(options.emptyPages) }),
      ...(options.throttle !== undefined && { throttle: options.throttle }),
    },
    ...(options.randomSeed !== undefined && { randomSeed: options.randomSeed }),
  });
  const closing = new AbortController();
  const server = createSimulatorServer({
    world,
    control,
    pager: new Pager(randomBytes(32), () => control.leavesPageEmpty()),
    checkSignature: ({ headers }, service) => parseAuthorization(headers, service),
    answerControl: () => ({ status: 404, headers: {}, body: '' }),
    closing: closing.signal,
    onError: options.onError ?? ((error) => console.error(error)),
  });
  const { host, port } = await listen(server, options.host ?? '127.0.0.1', options.port ?? 0);
  const close = async () => {
    closing.abort();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    host,
    port,
    clock,
    world,
    control,
    close,
    [Symbol.asyncDispose]: close,
  };
}
