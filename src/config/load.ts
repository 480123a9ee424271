import { z } from 'zod';
import { type Config, configSchema } from '../config.ts';
import { ConfigError } from './config-error.ts';
import { CONFIG_FILE_VARIABLE, settingsFromEnvironment } from './environment.ts';
import { type ConfigFile, readConfigFile } from './file.ts';
import { isLoopback } from './loopback.ts';
import type { Setting } from './setting.ts';

export interface ConfigSources {
  /** The file that `--config` names; ORGQL_CONFIG otherwise, or none. */
  readonly file?: string | undefined;
  readonly environment: NodeJS.ProcessEnv;
  /** Settings of the command line, which go before all others. */
  readonly options?: readonly Setting[];
  /** What holds when nobody says anything, instead of the schema's own defaults. */
  readonly defaults?: Readonly<Record<string, unknown>>;
  /** Whether no principal can reach AWS: such a gateway may listen on every address without `auth`. */
  readonly simulated?: boolean | ((config: Config) => boolean);
}

/**
 * The configuration: the command line's settings, else the environment's, else the file's, else the defaults; checked and frozen.
 * Rejects with a `ConfigError` that names the wrong setting and where it was made.
 */
export async function loadConfig({
  file,
  environment,
  options = [],
  defaults = {},
  simulated = false,
}: ConfigSources): Promise<Config> {
  const name = file ?? (environment[CONFIG_FILE_VARIABLE] || undefined);
  const configFile = name === undefined ? undefined : await readConfigFile(name);
  const settings = [...settingsFromEnvironment(environment), ...options];
  const values = merge(defaults, configFile?.values ?? {});
  for (const { path, value, isAdded } of settings)
    assign(values, path, isAdded ? concat(valueAt(values, path), value) : value);
  const result = configSchema.safeParse(values);
  if (result.success) {
    if (!(typeof simulated === 'function' ? simulated(result.data) : simulated))
      refuseOpenGateway(result.data, sourceOf(['host'], configFile, settings));
    return deepFreeze(result.data);
  }
  const [issue] = result.error.issues;
  throw new ConfigError(issue ? explain(issue, values, configFile, settings) : result.error.message, result.error);
}

function explain(
  issue: z.core.$ZodIssue,
  values: unknown,
  file: ConfigFile | undefined,
  settings: readonly Setting[],
): string {
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const path = unknown === undefined ? issue.path : [...issue.path, unknown];
  const where = sourceOf(path, file, settings);
  const name = path.map(String).join('.');
  if (unknown !== undefined)
    return `${where}: unknown setting ${name}; known here: ${knownSettings(issue.path).join(', ')}`;
  const value = valueAt(values, path);
  const got = isSafeToShow(path, value) ? `, got ${JSON.stringify(value)}` : '';
  return `${where}: ${name}: ${issue.message}${got}`;
}

/** Who made a setting. */
function sourceOf(path: readonly PropertyKey[], file: ConfigFile | undefined, settings: readonly Setting[]): string {
  const setting = settings.findLast((each) => !each.isAdded && each.path.every((part, index) => part === path[index]));
  return setting?.source ?? file?.locate(path) ?? 'configuration';
}

/** A gateway that asks nobody who they are acts for everybody who reaches its port, with its AWS credentials. */
function refuseOpenGateway({ auth, host }: Config, source: string): void {
  if (auth.type !== 'none' || isLoopback(host)) return;
  throw new ConfigError(
    `${source}: auth: none is allowed on loopback only, and host is ${host}; set auth.type to apiKeys or jwt, or host to 127.0.0.1`,
  );
}

/** Never a secret, nor a whole section. */
function isSafeToShow(path: readonly PropertyKey[], value: unknown): boolean {
  return (
    ['string', 'number', 'boolean'].includes(typeof value) &&
    !/secret|token|key|hash|^redis\.url$/i.test(path.map(String).slice(-2).join('.'))
  );
}

/** The settings that the schema knows at a path. */
function knownSettings(path: readonly PropertyKey[]): string[] {
  const schemaPath = path.flatMap((part) => (typeof part === 'number' ? ['items'] : ['properties', part]));
  const schema = valueAt(z.toJSONSchema(configSchema, { io: 'input' }), schemaPath);
  // Credentials are one of several kinds, each with settings of its own.
  const kinds = valueAt(schema, ['oneOf']);
  const known = (Array.isArray(kinds) ? kinds : [schema]).flatMap((kind) =>
    Object.keys(valueAt(kind, ['properties']) ?? {}),
  );
  return [...new Set(known)];
}

function valueAt(values: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, part) => (isRecord(value) ? value[String(part)] : undefined), values);
}

/** A list that is not one stays, for the schema to reject. */
function concat(list: unknown, added: unknown): unknown {
  if (list === undefined || list === null) return added;
  return Array.isArray(list) && Array.isArray(added) ? [...list, ...added] : list;
}

function assign(values: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [first, ...rest] = path;
  if (first === undefined) return;
  if (rest.length === 0) {
    values[first] = value;
    return;
  }
  const section = values[first];
  const inner = isRecord(section) ? { ...section } : {};
  assign(inner, rest, value);
  values[first] = inner;
}

/** `over` laid over `base`, section by section. Lists are taken whole. */
function merge(
  base: Readonly<Record<string, unknown>>,
  over: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isRecord(below) && isRecord(value) && !Array.isArray(value) ? merge(below, value) : value;
  }
  return merged;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function deepFreeze<T>(value: T): T {
  if (isRecord(value)) Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}
