import type { GraphQLSchema } from 'graphql';
import type { Config, ConfigInput } from './config/index.ts';
import { loadConfig as load } from './config/load.ts';
import { isRecord } from './config/paths.ts';
import * as gateway from './gateway.ts';
import { schema as graph } from './schema/index.ts';
import { operationNames } from './upstream/index.ts';

export interface LoadOptions {
  /** A YAML or JSON file. Default: the file that the variable ORGQL_CONFIG names, if any. */
  readonly file?: string | undefined;
  /** Settings that take precedence over variables and over the file. Lists replace those of the file. */
  readonly settings?: ConfigInput | undefined;
  /** Variables such as ORGQL_LOG_LEVEL. Default: `process.env`. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
}

/** The whole graph. Re-exporting it would make applications check the types of its whole code. */
export const schema: GraphQLSchema = graph;

/** The frozen results of `loadConfig`, which need no further check. */
const loaded = new WeakSet<object>();

/** Loads and validates settings. Rejects with a `ConfigError` that names every invalid one and its source. */
export async function loadConfig({
  file,
  settings = {},
  environment = process.env,
}: LoadOptions = {}): Promise<Config> {
  if (!isSection(settings)) throw new TypeError(`loadConfig: settings is ${kindOf(settings)}; expected an object`);
  const options = [...leavesOf(settings)].map(([path, value]) => ({ path, value, source: 'settings' }));
  const config = await load({ file, environment: { ...environment }, operations: operationNames, options });
  loaded.add(config);
  return config;
}

/**
 * Starts a gateway with a server of its own. Rejects with a `ConfigError` for settings that are invalid, with a
 * `ListenError` when an address is not available, and with a `StoreError`.
 */
export async function createGateway(config: Config, options?: gateway.GatewayOptions): Promise<gateway.Gateway> {
  return gateway.createGateway(await validated('createGateway', config), options);
}

/**
 * Starts a gateway for the server of an application. Rejects as `createGateway` does, and with a `TypeError` for an
 * invalid option.
 */
export async function createHandler(config: Config, options?: gateway.HandlerOptions): Promise<gateway.Handler> {
  return gateway.createHandler(await validated('createHandler', config), options);
}

/** Settings that `loadConfig` has not returned, such as a changed copy, are validated here. */
async function validated(name: string, config: Config): Promise<Config> {
  if (config instanceof Promise) throw new TypeError(`${name}: the settings are a promise; use await loadConfig()`);
  if (!isSection(config)) throw new TypeError(`${name}: the settings are ${kindOf(config)}; use await loadConfig()`);
  if (loaded.has(config)) return config;
  // As defaults: a complete configuration has all bounds, of which only those that were set may contradict others.
  return load({ environment: {}, operations: operationNames, defaults: { ...config } });
}

/** A value without its content, which may hold a secret. */
const kindOf = (value: unknown): string =>
  Array.isArray(value) ? 'a list' : value == null ? String(value) : `a ${typeof value}`;

const isSection = (value: unknown): value is Record<string, unknown> => isRecord(value) && !Array.isArray(value);

/** The settings with their paths. Sections are followed, so that they are merged with those of the file. */
function* leavesOf(section: Record<string, unknown>, above: readonly string[] = []): Generator<[string[], unknown]> {
  for (const [name, value] of Object.entries(section)) {
    const path = [...above, name];
    if (isSection(value) && Object.keys(value).length > 0) yield* leavesOf(value, path);
    else if (value !== undefined) yield [path, value];
  }
}
