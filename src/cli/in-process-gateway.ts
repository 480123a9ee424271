import { createHash, randomBytes } from 'node:crypto';
import { scopes } from '../config/auth.ts';
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
export const loadInProcessConfig = (file: string | undefined): Promise<Config> =>
  loadConfig({
    file,
    environment: process.env,
    operations: operationNames,
    defaults: { log: { level: 'warn' } },
    options: [
      { path: ['host'], value: '127.0.0.1', source: '--config' },
      { path: ['port'], value: 0, source: '--config' },
    ],
  });

/**
 * Starts a gateway on a free port of this machine that only this process can use. Settings that concern other clients,
 * other processes or a long life do not apply.
 */
export async function startInProcess(config: Config): Promise<InProcessGateway> {
  const token = randomBytes(32).toString('base64url');
  const gateway = await createGateway({
    ...config,
    auth: {
      type: 'apiKeys',
      keys: [
        {
          name: 'orgql',
          hash: `sha256:${createHash('sha256').update(token).digest('hex')}`,
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
  return { url: gateway.url, token, close: () => gateway.close() };
}
