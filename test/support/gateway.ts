import { pino } from 'pino';
import { demoSettings } from '../../src/cli/demo-settings.ts';
import { type Config, type ConfigInput, configSchema } from '../../src/config/index.ts';
import { createGateway, createHandler, type Gateway, type GatewayOptions } from '../../src/gateway.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/simulator/index.ts';
import { type Answer, type Operation, query, type Subscription, subscribe, subscribeBySse } from './client.ts';
import { isEmbedded, startHost } from './host.ts';

export interface DemoOptions {
  readonly simulator?: SimulatorOptions;
  /** Laid over the demo's own settings, section by section. */
  readonly config?: ConfigInput;
  /** Gets the log's lines, instead of standard error. */
  readonly onLog?: (line: LogLine) => void;
}

export type LogLine = Readonly<Record<string, unknown>>;

export interface Demo extends AsyncDisposable {
  readonly gateway: Gateway;
  readonly simulator: Simulator;
  readonly url: string;
  /** Runs a query or a mutation over HTTP, as `partner` unless another principal is named. */
  query(document: string, variables?: Operation['variables'], as?: Operation['as']): Promise<Answer>;
  /** Subscribes over a WebSocket of its own. */
  subscribe(document: string, variables?: Operation['variables'], as?: Operation['as']): Subscription;
  /** Subscribes with a stream of server-sent events. */
  subscribeBySse(document: string, variables?: Operation['variables'], as?: Operation['as']): Subscription;
  close(): Promise<void>;
}

/** The demo on free ports, in this process: simulator, gateway and the principals partner, customer and standalone. Polls fast. */
export async function startDemo({ simulator: world = {}, config = {}, onLog }: DemoOptions = {}): Promise<Demo> {
  const simulator = await startSimulator(world);
  const settings = demoSettings(simulator.url);
  const start = isEmbedded() ? startEmbedded : createGateway;
  const gateway = await start(
    configSchema.parse({
      ...settings,
      port: 0,
      ...config,
      // Tests of the rate limits set them.
      upstream: { ...settings.upstream, budget: 'off', ...config.upstream },
      watch: { minIntervalMs: 50, maxIntervalMs: 200, ...config.watch },
      log: { level: 'error', audit: false, ...config.log },
    } satisfies ConfigInput),
    onLog && { log: pino({ level: config.log?.level ?? 'error' }, { write: (line) => onLog(JSON.parse(line)) }) },
  );
  const { url } = gateway;
  const subscriptions = new Set<Subscription>();
  const keep = (subscription: Subscription) => {
    subscriptions.add(subscription);
    return subscription;
  };
  const close = async () => {
    await Promise.all([...subscriptions].map((subscription) => subscription.return()));
    await gateway.close();
    await simulator.close();
  };
  return {
    gateway,
    simulator,
    url,
    query: (document, variables, as) => query(url, { document, variables, as }),
    subscribe: (document, variables, as) => keep(subscribe(url, { document, variables, as })),
    subscribeBySse: (document, variables, as) => keep(subscribeBySse(url, { document, variables, as })),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** A gateway in the server of an application. */
async function startEmbedded(config: Config, options?: GatewayOptions): Promise<Gateway> {
  const handler = await createHandler(config, options);
  const { upgrade, fetch, dispose, metricsUrl } = handler;
  const host = await startHost({ handle: handler, upgrade, fetch, close: dispose });
  // Metrics have the number.
  return { ...host, activePollers: 0, metricsUrl, [Symbol.asyncDispose]: host.close };
}

/** A gateway on the simulator of a demo that acts as other accounts: ids by the names of the principals. */
export function startAs(
  { simulator }: Pick<Demo, 'simulator'>,
  accounts: Readonly<Record<string, string>>,
  config: ConfigInput = {},
): Promise<Demo> {
  const [partner] = demoSettings(simulator.url).principals;
  if (partner === undefined) throw new Error('The demo has no principal');
  const principals = Object.entries(accounts).map(([name, accountId]) => ({
    ...partner,
    ...{ name, accountId, credentials: { ...partner.credentials, accessKeyId: accountId } },
  }));
  return startDemo({ config: { ...config, principals } });
}
