import { didYouMean } from './suggest.ts';

/** A setting from an environment variable or a command-line option. */
export interface Setting {
  /** Its path in the configuration, such as `['upstream', 'cacheMs']`. */
  readonly path: readonly string[];
  readonly value: unknown;
  /** Whether the (valid) items of `value` are added to the list in the file instead of replacing it. */
  readonly isAdded?: boolean;
  /** The name of the variable or option, for messages. */
  readonly source: string;
}

/** The settings that have an environment variable. All others are set in the file, which ORGQL_CONFIG names. */
const VARIABLES = {
  ORGQL_HOST: { path: ['host'], type: 'text' },
  ORGQL_PORT: { path: ['port'], type: 'number' },
  ORGQL_GRAPHIQL: { path: ['graphiql'], type: 'boolean' },
  ORGQL_LOG_LEVEL: { path: ['log', 'level'], type: 'text' },
  ORGQL_MAX_FIRST: { path: ['graph', 'maxFirst'], type: 'number' },
  ORGQL_MAX_CALLS: { path: ['graph', 'maxCalls'], type: 'number' },
  ORGQL_CURSOR_SECRET: { path: ['graph', 'cursorSecret'], type: 'text' },
  ORGQL_BUDGET: { path: ['upstream', 'budget'], type: 'text' },
  ORGQL_CACHE_MS: { path: ['upstream', 'cacheMs'], type: 'number' },
  ORGQL_CALL_TIMEOUT_MS: { path: ['upstream', 'callTimeoutMs'], type: 'number' },
  ORGQL_DEADLINE_MS: { path: ['upstream', 'deadlineMs'], type: 'number' },
  ORGQL_WATCH_MIN_INTERVAL_MS: { path: ['watch', 'minIntervalMs'], type: 'number' },
  ORGQL_WATCH_MAX_INTERVAL_MS: { path: ['watch', 'maxIntervalMs'], type: 'number' },
  ORGQL_REDIS_URL: { path: ['redis', 'url'], type: 'text' },
  ORGQL_REDIS_CACHE_SECRET: { path: ['redis', 'cache', 'secret'], type: 'text' },
  ORGQL_WATCH_STORE: { path: ['watch', 'store'], type: 'text' },
} as const;

export const CONFIG_FILE_VARIABLE = 'ORGQL_CONFIG';
/** The credential of commands that call a gateway. */
export const TOKEN_VARIABLE = 'ORGQL_TOKEN';

/** Kubernetes sets these "service links" in every pod beside a service named "orgql". They are not settings. */
const SERVICE_LINK = /^ORGQL_(SERVICE_(HOST|PORT)(_\w+)?|PORT_\d+_(TCP|UDP|SCTP)(_\w+)?)$/;

/** Returns a message for each unknown ORGQL_ variable, so that misspelled ones are not ignored. */
export function unknownVariables(environment: NodeJS.ProcessEnv): string[] {
  const known = [CONFIG_FILE_VARIABLE, ...Object.keys(VARIABLES)];
  return Object.keys(environment)
    .filter(
      (name) =>
        name.startsWith('ORGQL_') && name !== TOKEN_VARIABLE && !known.includes(name) && !SERVICE_LINK.test(name),
    )
    .map((name) => `unknown environment variable ${name}; known are ${known.join(', ')}${didYouMean(name, known)}`);
}

/** Each variable, and the path of its setting. */
export const variables: Readonly<Record<string, { readonly path: readonly string[] }>> = VARIABLES;

/** The variable that sets a setting. */
export function variableOf(path: readonly PropertyKey[]): string | undefined {
  const found = Object.entries(VARIABLES).find(([, each]) => each.path.join('.') === path.map(String).join('.'));
  return found?.[0];
}

/** Reads the settings of environment variables. An empty variable counts as unset. */
export function settingsFromEnvironment(environment: NodeJS.ProcessEnv): Setting[] {
  return Object.entries(VARIABLES).flatMap(([name, { path, type }]) => {
    const text = environment[name];
    return text ? [{ path, value: parse(text, type), source: name }] : [];
  });
}

/** Parses a value. An invalid one stays a string, which the schema then rejects. */
function parse(text: string, type: 'text' | 'number' | 'boolean'): unknown {
  if (type === 'number') return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  if (type === 'boolean') return /^(true|1)$/i.test(text) ? true : /^(false|0)$/i.test(text) ? false : text;
  return text;
}
