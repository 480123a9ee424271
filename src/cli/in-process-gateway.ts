import { createHash, randomBytes } from 'node:crypto';
import { scopes as allScopes, type Scope } from '../config/auth.ts';
import type { Setting } from '../config/environment.ts';
import type { Config } from '../config/index.ts';
import { loadConfig } from '../config/load.ts';
import { createGateway } from '../gateway.ts';
import { operationNames } from '../upstream/index.ts';
import type { GatewayAccess } from './gateway-request.ts';

export interface InProcessGateway extends GatewayAccess {
  close(): Promise<void>;
}

/**
 * Loads the settings of a gateway in this process.
 *
 * @throws {ConfigError} that names every invalid setting
 */
export const loadInProcessConfig = (
  file: string | undefined,
  options: readonly Setting[] = [],
  defaults: Readonly<Record<string, unknown>> = {},
): Promise<Config> =>
  loadConfig({
    file,
    environment: process.env,
    operations: operationNames,
    defaults: { ...defaults, log: { level: 'warn' } },
    options: [
      ...options,
      { path: ['host'], value: '127.0.0.1', source: '--config' },
      { path: ['port'], value: 0, source: '--config' },
    ],
  });

export interface InProcessOptions {
  /** The caller's name in the audit log. */
  readonly caller?: string;
  readonly scopes?: readonly Scope[];
  /** Whether the gateway runs long enough to copy the organizations of the setting `inventory`. */
  readonly keepsInventory?: boolean;
}

/**
 * Starts a gateway on a free port of this machine that only this process can use. Settings that concern other clients,
 * other processes or a long life do not apply.
 */
export async function startInProcess(
  config: Config,
  { caller = 'orgql', scopes = allScopes, keepsInventory = false }: InProcessOptions = {},
): Promise<InProcessGateway> {
  const token = randomBytes(32).toString('base64url');
  const gateway = await createGateway({
    ...config,
    auth: {
      type: 'apiKeys',
      keys: [
        {
          name: caller,
          hash: `sha256:${createHash('sha256').update(token).digest('hex')}`,
          principals: config.principals.map(({ name }) => name),
          scopes: [...scopes],
        },
      ],
    },
    console: { ...config.console, enabled: false },
    graphiql: false,
    inventory: keepsInventory ? config.inventory : [],
    metrics: undefined,
    notifications: [],
    shutdown: { ...config.shutdown, drainMs: 0 },
    trustedDocuments: undefined,
    watch: { ...config.watch, store: undefined },
  });
  return { url: gateway.url, token, close: () => gateway.close() };
}
