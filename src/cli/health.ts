import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { DEFAULT_HOST, DEFAULT_PORT } from '../config/addresses.ts';
import { ConfigError } from '../config/config-error.ts';
import { CONFIG_FILE_VARIABLE, settingsFromEnvironment } from '../config/environment.ts';
import { readConfigFile } from '../config/file.ts';
import { valueAt } from '../config/paths.ts';
import { type AddressOptions, addressSettings, SIMULATOR_PORT } from './options.ts';
import { UnhealthyError } from './run.ts';

export interface HealthOptions extends AddressOptions {
  readonly config?: string;
  readonly pid?: number;
}

/** A server without a response after this time, in ms, counts as hanging. */
const TIMEOUT_MS = 4_000;

/**
 * `orgql health`: resolves if the server with these options responds, and rejects otherwise. With `pid`, as in a
 * container's health check, uses the options of that process.
 */
export async function health({ pid, ...given }: HealthOptions, environment = process.env): Promise<void> {
  const started = pid === undefined ? undefined : await optionsOf(pid);
  const { command, ...options } = { command: 'serve', ...given, ...started };
  const { host, port } = await addressOf(command, options, environment);
  if (port === 0)
    throw new ConfigError(
      'port: 0 selects any free port, which this command does not know; set the port, such as --port 4000',
    );
  const url = `http://${reachable(host)}:${port}${command === 'simulate' ? '/_orgql/' : '/health'}`;
  const request = { headers: { connection: 'close' }, signal: AbortSignal.timeout(TIMEOUT_MS) };
  const answer = await fetch(url, request).catch((error: unknown) => error);
  if (answer instanceof Response) await answer.body?.cancel();
  if (answer instanceof Response && answer.ok) return;
  throw new UnhealthyError(
    `${url} ${answer instanceof Response ? `responds with status ${answer.status}` : 'does not respond'}`,
  );
}

/** Options take precedence over variables, and variables over the file. */
async function addressOf(command: string, { config, ...options }: HealthOptions, environment: NodeJS.ProcessEnv) {
  const usual = { host: DEFAULT_HOST, port: command === 'simulate' ? SIMULATOR_PORT : DEFAULT_PORT };
  const file = command === 'simulate' ? undefined : (config ?? environment[CONFIG_FILE_VARIABLE]);
  const values = file ? (await readConfigFile(file)).values : {};
  const made = [...settingsFromEnvironment(environment), ...addressSettings(options)];
  const find = (name: 'host' | 'port') =>
    made.findLast(({ path }) => path.join('.') === name)?.value ?? valueAt(values, [name]) ?? usual[name];
  return { host: String(find('host')), port: Number(find('port')) };
}

/** Replaces the address of all interfaces by loopback. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::' || host === '[::]') return '[::1]';
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}

/** Reads the command and options of an orgql process (on Linux); undefined for any other process. */
async function optionsOf(pid: number): Promise<(HealthOptions & { command: string }) | undefined> {
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const words = line.split('\0').filter((word) => word !== '');
  // `node dist/main.js serve …`, possibly after an init process of the container.
  const main = words.findIndex((word) => /(^|\/)(dist\/main\.js|orgql)$/.test(word));
  const [command = '', ...args] = main < 0 ? [] : words.slice(main + 1);
  if (!['serve', 'demo', 'simulate'].includes(command)) return undefined;
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ args, strict: false, options: { host: text, port: text, config: text } });
  return {
    command,
    ...(values.host !== undefined && { host: String(values.host) }),
    ...(values.port !== undefined && { port: Number(values.port) }),
    ...(values.config !== undefined && { config: String(values.config) }),
  };
}
