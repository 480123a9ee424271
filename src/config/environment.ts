import { ConfigError } from './config-error.ts';
import type { Setting } from './setting.ts';

/** The settings that an environment variable can set; all others are for the file. ORGQL_CONFIG names the file. */
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

/** What Kubernetes sets in every pod for a service named "orgql" (its "service links"): not ours, and no mistake of anybody. */
const SERVICE_LINK = /^ORGQL_(SERVICE_(HOST|PORT)(_\w+)?|PORT_\d+_(TCP|UDP|SCTP)(_\w+)?)$/;

/**
 * The settings that environment variables make. An empty variable counts as unset.
 * Throws a `ConfigError` for an ORGQL_ variable that is not one: a misspelt one must not be passed over in silence.
 */
export function settingsFromEnvironment(environment: NodeJS.ProcessEnv): Setting[] {
  for (const name of Object.keys(environment)) {
    if (!name.startsWith('ORGQL_') || name in VARIABLES || name === CONFIG_FILE_VARIABLE || SERVICE_LINK.test(name))
      continue;
    throw new ConfigError(
      `unknown variable ${name}; known are ${[CONFIG_FILE_VARIABLE, ...Object.keys(VARIABLES)].join(', ')}`,
    );
  }
  return Object.entries(VARIABLES).flatMap(([name, { path, type }]) => {
    const text = environment[name];
    return text ? [{ path, value: parse(text, type), source: name }] : [];
  });
}

/** What cannot be read as its type stays text, which the schema then refuses with what it expects. */
function parse(text: string, type: 'text' | 'number' | 'boolean'): unknown {
  if (type === 'number') return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  if (type === 'boolean') return /^(true|1)$/i.test(text) ? true : /^(false|0)$/i.test(text) ? false : text;
  return text;
}
