import { InvalidArgumentError, Option } from 'commander';
import { DEFAULT_HOST, DEFAULT_PORT, isOrigin } from '../config/addresses.ts';
import { type Setting, TOKEN_VARIABLE } from '../config/environment.ts';

/** Seconds in a year. */
const MAX_AGE = 31_536_000;

/** The usual port of AWS emulators. */
export const SIMULATOR_PORT = 4566;

/** The address options of all servers. */
export const host = () =>
  new Option('--host <host>', `address to listen on (default: ${DEFAULT_HOST})`).env('ORGQL_HOST');
export const port = (usual: number) =>
  new Option('--port <port>', `TCP port; 0 selects any free port (default: ${usual})`)
    .env('ORGQL_PORT')
    .argParser(integer(0, 65_535, usual));

/** Options of the simulated world, for `demo` and `simulate`. */
export const seed = () => new Option('--seed <world>', 'initial state: demo, empty or a JSON file (default: demo)');
export const accounts = () =>
  new Option('--accounts <n>', 'number of accounts in the organization of the demo world').argParser(
    integer(1, 100_000, 200),
  );

export const state = () =>
  new Option(
    '--state <file>',
    'keep the world in this file across restarts; an existing file is used instead of the seed',
  );
export const autoRespond = () =>
  new Option('--auto-respond', 'invited accounts accept or decline after 5 to 30 seconds');

export const noControlPolicies = () =>
  new Option('--no-control-policies', 'SCPs and RCPs restrict no calls to the simulator');

export const config = () => new Option('--config <file>', 'YAML file with the settings (env: ORGQL_CONFIG)');

export const allowOrigin = () =>
  new Option(
    '--allow-origin <origin>',
    'origin of a web page that may use the gateway, such as http://localhost:5173; may be repeated',
  ).argParser((text: string, earlier: readonly string[] = []): readonly string[] => {
    if (!isOrigin(text))
      throw new InvalidArgumentError('Expected an origin such as http://localhost:5173, without a path');
    return [...earlier, text];
  });

/** The graph of a gateway on this machine with the default port. */
export const DEFAULT_URL = `http://127.0.0.1:${DEFAULT_PORT}/graphql`;

/** Options of commands that run operations. */
export const url = () =>
  new Option('--url <url>', `URL of the gateway (default: ${DEFAULT_URL})`).argParser(gatewayUrl);
export const tokenFile = () =>
  new Option('--token-file <file>', `file with the API key or JSON Web Token for the gateway (env: ${TOKEN_VARIABLE})`);
export const principal = () => new Option('--principal <name>', 'principal that the operation runs as');
export const maxAge = () =>
  new Option('--max-age <seconds>', 'accept data of this age').argParser(integer(0, MAX_AGE, 60));

export const token = () =>
  new Option('--token <token>', 'API key or JSON Web Token for the gateway').env(TOKEN_VARIABLE);

/** Creates a parser of integers. @throws InvalidArgumentError for any other text, with `example` as a valid value. */
export function integer(min: number, max: number, example: number = min) {
  return (text: string): number => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= min && number <= max) return number;
    throw new InvalidArgumentError(`Expected an integer from ${min} to ${max}, such as ${example}`);
  };
}

/** Parses the URL of a gateway. @throws InvalidArgumentError */
export function gatewayUrl(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new InvalidArgumentError(`Expected a URL such as ${DEFAULT_URL}`);
}

export function accountId(text: string): string {
  if (/^\d{12}$/.test(text)) return text;
  throw new InvalidArgumentError('Expected the 12 digits of an account id, such as 123456789012');
}

export interface AddressOptions {
  readonly host?: string;
  readonly port?: number;
}

export interface OriginOptions {
  readonly allowOrigin?: readonly string[];
}

/** --allow-origin as a setting of the configuration. */
export function originSettings({ allowOrigin }: OriginOptions): Setting[] {
  if (allowOrigin === undefined) return [];
  return [{ path: ['allowedOrigins'], value: allowOrigin, source: '--allow-origin', isAdded: true }];
}

/** --host and --port as settings of the configuration. */
export function addressSettings({ host, port }: AddressOptions): Setting[] {
  return [
    { path: ['host'], value: host, source: '--host' },
    { path: ['port'], value: port, source: '--port' },
  ].filter(({ value }) => value !== undefined);
}
