import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { scopes } from '../../config/auth.ts';
import { ConfigError } from '../../config/config-error.ts';
import { TOKEN_VARIABLE } from '../../config/environment.ts';
import { loadConfig } from '../../config/load.ts';
import { createGateway } from '../../gateway.ts';
import { operationNames } from '../../upstream/index.ts';

export interface GatewayOptions {
  readonly url?: string;
  readonly tokenFile?: string;
  readonly inProcess?: boolean;
  readonly config?: string;
}

/** The gateway that an operation runs on. */
export interface GatewayConnection {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

const DEFAULT_URL = 'http://127.0.0.1:4000/graphql';

/**
 * Returns the gateway of --url, or starts one in this process.
 *
 * @throws {ConfigError} for contradicting options and invalid settings
 */
export async function connectGateway(options: GatewayOptions): Promise<GatewayConnection> {
  const { url, tokenFile, config } = options;
  const isInProcess = options.inProcess === true || config !== undefined;
  if (isInProcess) {
    const ignored = [url !== undefined && '--url', tokenFile !== undefined && '--token-file'].filter(Boolean);
    if (ignored.length > 0) {
      const option = config === undefined ? '--in-process' : '--config';
      throw new ConfigError([`${ignored.join(' and ')} cannot be combined with ${option}; remove one of them`]);
    }
    return startInProcess(config);
  }
  const token = tokenFile === undefined ? process.env[TOKEN_VARIABLE] || undefined : await readToken(tokenFile);
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token))
    throw new ConfigError([`${tokenFile ?? TOKEN_VARIABLE} has no valid token; expected one line without spaces`]);
  return {
    url: url ?? DEFAULT_URL,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    close: async () => {},
  };
}

async function readToken(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : error;
    throw new ConfigError([`--token-file: cannot read ${file}: ${String(code)}`]);
  }
}

/**
 * Starts a gateway on a free port of this machine that only this process can use. Settings that concern other clients,
 * other processes or a long life do not apply.
 */
async function startInProcess(file: string | undefined): Promise<GatewayConnection> {
  const { [TOKEN_VARIABLE]: _, ...environment } = process.env;
  const config = await loadConfig({
    file,
    environment,
    operations: operationNames,
    defaults: { log: { level: 'warn' } },
    options: [
      { path: ['host'], value: '127.0.0.1', source: '--in-process' },
      { path: ['port'], value: 0, source: '--in-process' },
    ],
  });
  const key = randomBytes(32).toString('base64url');
  const gateway = await createGateway({
    ...config,
    auth: {
      type: 'apiKeys',
      keys: [
        {
          name: 'orgql',
          hash: `sha256:${createHash('sha256').update(key).digest('hex')}`,
          principals: config.principals.map(({ name }) => name),
          scopes: [...scopes],
        },
      ],
    },
    console: { ...config.console, enabled: false },
    graphiql: false,
    inventory: [],
    metrics: undefined,
    notifications: [],
    shutdown: { ...config.shutdown, drainMs: 0 },
    trustedDocuments: undefined,
    watch: { ...config.watch, store: undefined },
  });
  return { url: gateway.url, headers: { authorization: `Bearer ${key}` }, close: () => gateway.close() };
}
