import { ConfigError, type Mistake } from './config-error.ts';
import { type Contradiction, contradictions, misorders, openGateway, unknownOperations } from './contradictions.ts';
import {
  CONFIG_FILE_VARIABLE,
  type Setting,
  settingsFromEnvironment,
  unknownVariables,
  variableOf,
} from './environment.ts';
import { explain } from './explain.ts';
import { type ConfigFile, readConfigFile, whyUnreadable } from './file.ts';
import { type Config, configSchema, settings as settingsSchema } from './index.ts';
import { formatPath, isRecord, overlap, type Path, valueAt } from './paths.ts';

export interface ConfigSources {
  /** The file that `--config` names; ORGQL_CONFIG otherwise, or none. */
  readonly file?: string | undefined;
  readonly environment: NodeJS.ProcessEnv;
  /** Settings of the command line, which go before all others. */
  readonly options?: readonly Setting[];
  /** The values of settings that are not made, instead of the schema's own defaults. */
  readonly defaults?: Readonly<Record<string, unknown>>;
  /** Whether no principal of these settings can reach AWS: such a gateway may listen on every address without `auth`. */
  readonly isSimulated?: (values: unknown) => boolean;
  /** Mistakes that were found before, to be reported with those of the settings. */
  readonly mistakes?: readonly Mistake[];
}

/**
 * The configuration, checked and frozen: the command line's settings, else the environment's, else the file's, else the
 * defaults. Rejects with a `ConfigError` that names every wrong setting, and where it was made.
 */
export async function loadConfig({
  file,
  environment,
  options = [],
  defaults = {},
  isSimulated = () => false,
  mistakes: earlier = [],
}: ConfigSources): Promise<Config> {
  const name = file ?? (environment[CONFIG_FILE_VARIABLE] || undefined);
  const read = name === undefined ? undefined : await readConfigFile(name).catch(keepConfigError);
  const configFile = read instanceof ConfigError ? undefined : read;
  const settings = [...settingsFromEnvironment(environment), ...options];
  const made = merge({}, configFile?.values ?? {});
  for (const { path, value, isAdded } of settings)
    assign(made, path, isAdded ? concat(valueAt(made, path), value) : value);
  const values = fitDefaults(merge(defaults, made), made);

  const result = configSchema.safeParse(values);
  const sources = { configFile, settings };
  const found = isPlainRead(read)
    ? await mistakesIn(values, made, isSimulated(values))
    : (settingsSchema.safeParse(values).error?.issues ?? [])
        .flatMap((issue) => explain(issue, values))
        // The settings of the file are not known, so that only those made elsewhere can be judged.
        .filter(({ path }) => settings.some((each) => formatPath(each.path) === formatPath(path)));
  const reported = new Set(earlier.map(({ source }) => source));
  const lines = [
    ...earlier.map(({ text }) => text),
    ...unknownVariables(environment),
    ...(read instanceof ConfigError ? read.mistakes : []),
    ...found
      .map(({ path, text }) => ({ source: sourceOf(path, sources), text }))
      .filter(({ source }) => !reported.has(source))
      .map(({ source, text }) => `${source}: ${text}`),
  ];
  if (lines.length > 0) throw new ConfigError(lines, result.error);
  if (!result.success) throw new ConfigError(result.error.message, result.error);
  return deepFreeze(result.data);
}

const isPlainRead = (read: ConfigFile | ConfigError | undefined): boolean => !(read instanceof ConfigError);

function keepConfigError(error: unknown): ConfigError {
  if (error instanceof ConfigError) return error;
  throw error;
}

interface Found {
  readonly path: Path;
  readonly text: string;
}

/** Everything that is wrong with the settings: each by itself, with each other, and with the files that they name. */
async function mistakesIn(values: unknown, made: unknown, simulated: boolean): Promise<Found[]> {
  const wrong = (settingsSchema.safeParse(values).error?.issues ?? []).flatMap((issue) => explain(issue, values));
  const open = simulated ? undefined : openGateway(values);
  const together = [
    ...contradictions(values),
    ...unknownOperations(values),
    ...misorders(made, merge(usual(), isRecord(values) ? values : {})),
  ].map(({ message, ...rest }): Contradiction => ({ ...rest, message: `${formatPath(rest.path)}: ${message}` }));
  const isWrong = (path: Path) => wrong.some((each) => overlap(each.path, path));
  const contradicting = [...together, ...(open ? [open] : []), ...(await unreadableFiles(values))]
    .filter(({ path, about = [] }) => ![path, ...about].some(isWrong))
    .map(({ path, message }) => ({ path, text: message }));
  return [...firstOfEach(wrong), ...contradicting].map(({ path, text }) => ({
    path,
    text: withVariable(path, text, values),
  }));
}

/** A value that breaks several rules of its setting is one mistake. */
function firstOfEach(found: readonly Found[]): Found[] {
  const byPath = new Map<string, Found>();
  for (const each of found) if (!byPath.has(formatPath(each.path))) byPath.set(formatPath(each.path), each);
  return [...byPath.values()];
}

/** A missing setting may be set by a variable, too. */
function withVariable(path: Path, text: string, values: unknown): string {
  const variable = variableOf(path);
  return variable !== undefined && valueAt(values, path) === undefined ? `${text} (variable ${variable})` : text;
}

async function unreadableFiles(values: unknown): Promise<Contradiction[]> {
  const path = ['trustedDocuments', 'file'];
  const file = valueAt(values, path);
  if (typeof file !== 'string' || file === '') return [];
  const reason = await whyUnreadable(file);
  return reason === undefined ? [] : [{ path, message: `trustedDocuments.file: ${file} ${reason}` }];
}

/** The schema's own defaults. */
const usual = (): Record<string, unknown> => settingsSchema.parse({});

/**
 * The default of `watch.minIntervalMs` is lower where `watch.maxIntervalMs` alone is set, to less. A default of the
 * caller's own, lower than the schema's, does not bind a setting that was made.
 */
function fitDefaults(values: Record<string, unknown>, made: unknown): Record<string, unknown> {
  const most = valueAt(made, ['watch', 'maxIntervalMs']);
  const madeLeast = valueAt(made, ['watch', 'minIntervalMs']);
  const defaultMost = valueAt(values, ['watch', 'maxIntervalMs']);
  if (most === undefined && typeof madeLeast === 'number' && typeof defaultMost === 'number' && madeLeast > defaultMost)
    assign(values, ['watch', 'maxIntervalMs'], valueAt(usual(), ['watch', 'maxIntervalMs']));
  if (typeof most !== 'number' || valueAt(made, ['watch', 'minIntervalMs']) !== undefined) return values;
  const least = valueAt(merge(usual(), values), ['watch', 'minIntervalMs']);
  if (typeof least === 'number' && least > most && most > 0) assign(values, ['watch', 'minIntervalMs'], most);
  return values;
}

interface Sources {
  readonly configFile: ConfigFile | undefined;
  readonly settings: readonly Setting[];
}

/** Where a setting was made: a variable, an option, or a line of the file. */
function sourceOf(path: Path, { configFile, settings }: Sources): string {
  const setting = settings.findLast((each) => !each.isAdded && each.path.every((part, index) => part === path[index]));
  if (setting) return setting.source;
  const isInFile = configFile !== undefined && valueAt(configFile.values, path.slice(0, 1)) !== undefined;
  // A setting that is missing beside one that was made by a variable.
  const beside = settings.findLast((each) => path.length > 1 && each.path[0] === path[0]);
  return (isInFile ? undefined : beside?.source) ?? configFile?.locate(path) ?? 'configuration';
}

/** A value that is not a list stays, for the schema to reject. */
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

function deepFreeze<T>(value: T): T {
  if (isRecord(value)) Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}
