import { ConfigError, type Mistake } from './config-error.ts';
import type { Contradiction } from './contradiction.ts';
import { boundsOutOfOrder, contradictions, openGateway, principalNames, unknownOperations } from './contradictions.ts';
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
  /** The file of `--config`. Without it, the file of ORGQL_CONFIG is read, if set. */
  readonly file?: string | undefined;
  readonly environment: NodeJS.ProcessEnv;
  /** Settings of the command line, which take precedence over all others. */
  readonly options?: readonly Setting[];
  /** Take precedence over the schema's defaults. */
  readonly defaults?: Readonly<Record<string, unknown>>;
  /** The names of AWS's operations, to check settings by operation. Without it, these are not checked. */
  readonly operations?: readonly string[];
  /** Whether no principal can reach AWS, so that the gateway may listen on all addresses without `auth`. */
  readonly isSimulated?: (values: unknown) => boolean;
  /** Earlier mistakes, to report together with those of the settings. */
  readonly mistakes?: readonly Mistake[];
}

/**
 * Loads, validates and freezes the configuration. Options take precedence over variables, variables over the file, and
 * the file over defaults. Rejects with a `ConfigError` that names every invalid setting and its source.
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
      ? // The file is not known, so only the settings of variables and options are validated.
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

/** Finds settings that are invalid by themselves, contradict each other, or name unreadable files. */
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

/** Keeps one mistake per setting, as a value may break several rules. */
function firstOfEach(wrong: readonly Explanation[]): Explanation[] {
  const byPath = new Map<string, Explanation>();
  for (const each of wrong) if (!byPath.has(formatPath(each.path))) byPath.set(formatPath(each.path), each);
  return [...byPath.values()];
}

/** Adds the name of the variable that sets a missing setting. */
function withVariable(path: Path, text: string, values: unknown): string {
  const variable = variableOf(path);
  return variable !== undefined && valueAt(values, path) === undefined ? `${text} (variable ${variable})` : text;
}

async function unreadableFiles(values: unknown): Promise<Contradiction[]> {
  const path = ['trustedDocuments', 'file'];
  const file = valueAt(values, path);
  if (typeof file !== 'string' || file === '') return [];
  const reason = await whyUnreadable(file);
  return reason === undefined
    ? []
    : [{ path, message: `${file} ${reason}; set it to a JSON file that the gateway can read` }];
}

const schemaDefaults = (): Record<string, unknown> => settingsSchema.parse({});

/**
 * Adjusts the default of one polling interval if only the other is set, so that a default never makes a setting
 * invalid.
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

/** Removes default copies whose principals the given settings have replaced. */
function fitInventory(values: Record<string, unknown>, given: unknown): Record<string, unknown> {
  const { inventory } = values;
  if (valueAt(given, ['inventory']) !== undefined || !Array.isArray(inventory)) return values;
  const known = principalNames(values);
  return { ...values, inventory: inventory.filter((copy) => known.includes(String(valueAt(copy, ['principal'])))) };
}

/** Returns the source of a setting: a variable, an option, or a line of the file. */
function sourceOf(path: Path, configFile: ConfigFile | undefined, settings: readonly Setting[]): string {
  const setting = settings.findLast((each) => !each.isAdded && each.path.every((part, index) => part === path[index]));
  if (setting) return setting.source;
  const isInFile = configFile !== undefined && valueAt(configFile.values, path.slice(0, 1)) !== undefined;
  // A missing setting is reported at the variable that sets another one of its section.
  const beside = settings.findLast((each) => path.length > 1 && each.path[0] === path[0]);
  return (isInFile ? undefined : beside?.source) ?? configFile?.locate(path) ?? 'configuration';
}

/** Leaves a value that is not a list unchanged, as the schema rejects it. */
function concat(list: unknown, added: unknown): unknown {
  if (list === undefined || list === null) return added;
  return Array.isArray(list) && Array.isArray(added) ? [...list, ...added] : list;
}

function deepFreeze<T>(value: T): T {
  if (isRecord(value)) Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}
