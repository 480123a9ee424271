import { ConfigError, type Mistake } from './config-error.ts';
import {
  boundsOutOfOrder,
  type Contradiction,
  contradictions,
  openGateway,
  principalNames,
  unknownOperations,
} from './contradictions.ts';
import {
  CONFIG_FILE_VARIABLE,
  type Setting,
  settingsFromEnvironment,
  unknownVariables,
  variableOf,
} from './environment.ts';
import { type Explanation, explain } from './explain.ts';
import { type ConfigFile, readConfigFile, whyUnreadable } from './file.ts';
import { type Config, configSchema, settings as settingsSchema } from './index.ts';
import { assign, formatPath, isRecord, merge, overlap, type Path, valueAt } from './paths.ts';

export interface ConfigSources {
  /** The file that `--config` names; ORGQL_CONFIG otherwise, or none. */
  readonly file?: string | undefined;
  readonly environment: NodeJS.ProcessEnv;
  /** Settings of the command line, which take precedence over all others. */
  readonly options?: readonly Setting[];
  /** Replace the schema's own defaults. */
  readonly defaults?: Readonly<Record<string, unknown>>;
  /** The names of AWS's operations, for the settings that are keyed by operation; absent, these are not checked. */
  readonly operations?: readonly string[];
  /** Whether no principal of these settings can reach AWS: such a gateway may listen on every address without `auth`. */
  readonly isSimulated?: (values: unknown) => boolean;
  /** Mistakes that were found before, to be reported with those of the settings. */
  readonly mistakes?: readonly Mistake[];
}

/**
 * Loads the configuration, checks and freezes it. Options take precedence over variables, these over the file, and the
 * file over defaults. Rejects with a `ConfigError` that names every wrong setting, and where it was set.
 */
export async function loadConfig({
  file,
  environment,
  options = [],
  defaults = {},
  operations,
  isSimulated = () => false,
  mistakes: earlier = [],
}: ConfigSources): Promise<Config> {
  const name = file ?? (environment[CONFIG_FILE_VARIABLE] || undefined);
  const read = name === undefined ? undefined : await readConfigFile(name).catch(asConfigError);
  const configFile = read instanceof ConfigError ? undefined : read;
  const settings = [...settingsFromEnvironment(environment), ...options];
  const given = merge({}, configFile?.values ?? {});
  for (const { path, value, isAdded } of settings)
    assign(given, path, isAdded ? concat(valueAt(given, path), value) : value);
  const values = fitIntervals(fitInventory(merge(defaults, given), given), given);

  const wrong =
    read instanceof ConfigError
      ? // Without the file's settings, only those set elsewhere can be judged.
        wrongValues(values).filter(({ path }) => settings.some((each) => formatPath(each.path) === formatPath(path)))
      : await wrongSettings(values, given, operations, isSimulated(values));
  const reported = new Set(earlier.map(({ source }) => source));
  const lines = [
    ...earlier.map(({ text }) => text),
    ...unknownVariables(environment),
    ...(read instanceof ConfigError ? read.mistakes : []),
    ...wrong
      .map(({ path, text }) => ({ source: sourceOf(path, configFile, settings), text }))
      .filter(({ source }) => !reported.has(source))
      .map(({ source, text }) => `${source}: ${text}`),
  ];
  const result = configSchema.safeParse(values);
  if (lines.length > 0) throw new ConfigError(lines, result.error);
  if (!result.success) throw new ConfigError(result.error.message, result.error);
  return deepFreeze(result.data);
}

function asConfigError(error: unknown): ConfigError {
  if (error instanceof ConfigError) return error;
  throw error;
}

const wrongValues = (values: unknown): Explanation[] =>
  (settingsSchema.safeParse(values).error?.issues ?? []).flatMap((issue) => explain(issue, values));

/** Settings that are wrong by themselves, with each other, or because of the files that they name. */
async function wrongSettings(
  values: unknown,
  given: unknown,
  operations: readonly string[] | undefined,
  simulated: boolean,
): Promise<Explanation[]> {
  const wrong = wrongValues(values);
  const open = simulated ? undefined : openGateway(values);
  const together: Contradiction[] = [
    ...contradictions(values),
    ...(operations ? unknownOperations(values, operations) : []),
    ...boundsOutOfOrder(given, merge(schemaDefaults(), isRecord(values) ? values : {})),
    ...(await unreadableFiles(values)),
  ].map(({ message, ...rest }) => ({ ...rest, message: `${formatPath(rest.path)}: ${message}` }));
  const isWrong = (path: Path) => wrong.some((each) => overlap(each.path, path));
  const contradicting = [...together, ...(open ? [open] : [])]
    .filter(({ path, about = [] }) => ![path, ...about].some(isWrong))
    .map(({ path, message }) => ({ path, text: message }));
  return [...firstOfEach(wrong), ...contradicting].map(({ path, text }) => ({
    path,
    text: withVariable(path, text, values),
  }));
}

/** A value that breaks several rules of its setting is one mistake. */
function firstOfEach(wrong: readonly Explanation[]): Explanation[] {
  const byPath = new Map<string, Explanation>();
  for (const each of wrong) if (!byPath.has(formatPath(each.path))) byPath.set(formatPath(each.path), each);
  return [...byPath.values()];
}

/** Names the variable that can set a missing setting. */
function withVariable(path: Path, text: string, values: unknown): string {
  const variable = variableOf(path);
  return variable !== undefined && valueAt(values, path) === undefined ? `${text} (variable ${variable})` : text;
}

async function unreadableFiles(values: unknown): Promise<Contradiction[]> {
  const path = ['trustedDocuments', 'file'];
  const file = valueAt(values, path);
  if (typeof file !== 'string' || file === '') return [];
  const reason = await whyUnreadable(file);
  return reason === undefined ? [] : [{ path, message: `${file} ${reason}` }];
}

const schemaDefaults = (): Record<string, unknown> => settingsSchema.parse({});

/**
 * Keeps the intervals of polling in order where only one of them is given: a default never makes the other one wrong.
 */
function fitIntervals(values: Record<string, unknown>, given: unknown): Record<string, unknown> {
  const [min, max] = [
    ['watch', 'minIntervalMs'],
    ['watch', 'maxIntervalMs'],
  ] as const;
  const [givenMin, givenMax] = [valueAt(given, min), valueAt(given, max)];
  const defaultMax = valueAt(values, max);
  if (givenMax === undefined && typeof givenMin === 'number' && typeof defaultMax === 'number' && givenMin > defaultMax)
    assign(values, max, valueAt(schemaDefaults(), max));
  if (typeof givenMax !== 'number' || givenMin !== undefined) return values;
  const defaultMin = valueAt(merge(schemaDefaults(), values), min);
  if (typeof defaultMin === 'number' && defaultMin > givenMax && givenMax > 0) assign(values, min, givenMax);
  return values;
}

/** Drops copies of the defaults whose principals the given settings have replaced. */
function fitInventory(values: Record<string, unknown>, given: unknown): Record<string, unknown> {
  const { inventory } = values;
  if (valueAt(given, ['inventory']) !== undefined || !Array.isArray(inventory)) return values;
  const known = principalNames(values);
  return { ...values, inventory: inventory.filter((copy) => known.includes(String(valueAt(copy, ['principal'])))) };
}

/** Where a setting was made: a variable, an option, or a line of the file. */
function sourceOf(path: Path, configFile: ConfigFile | undefined, settings: readonly Setting[]): string {
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

function deepFreeze<T>(value: T): T {
  if (isRecord(value)) Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}
