import { ConfigError } from '../../config/config-error.ts';
import { configSchema } from '../../config/index.ts';
import { loadConfig } from '../../config/load.ts';
import { createGateway } from '../../gateway.ts';
import { operationNames } from '../../upstream/index.ts';
import { type NamedOrganization, readFromGateway } from './gateway-organization.ts';

/** Where a command reads the organization. */
export interface SourceOptions {
  /** URL of a gateway. Without one, AWS is read. */
  readonly url?: string;
  readonly principal?: string;
  readonly token?: string;
  /** Settings file with principals, to read AWS. */
  readonly config?: string;
}

/**
 * Reads the organization from a gateway or, through a gateway in this process, from AWS.
 *
 * @param accounts the accounts of the requests that will be decided
 */
export async function readOrganization(
  { url, config, ...options }: SourceOptions,
  accounts: readonly string[],
): Promise<NamedOrganization> {
  if (url !== undefined) {
    if (config !== undefined) throw new ConfigError('--config: has no effect with --url; give one of them');
    return readFromGateway({ url, ...options }, accounts);
  }
  const { principals, upstream, graph } = await loadConfig({
    file: config,
    environment: process.env,
    operations: operationNames,
    options: [
      { path: ['host'], value: '127.0.0.1', source: '--config' },
      { path: ['port'], value: 0, source: '--config' },
    ],
  });
  const defaults = configSchema.parse({ host: '127.0.0.1', port: 0, log: { level: 'error', audit: false } });
  const gateway = await createGateway({
    ...defaults,
    principals,
    upstream,
    graph: { ...defaults.graph, maxCalls: Number.MAX_SAFE_INTEGER },
  });
  try {
    const read = await readFromGateway({ url: gateway.url, label: 'AWS', ...options }, accounts);
    return { ...read, options: { additionalRcpServices: graph.additionalRcpServices } };
  } finally {
    await gateway.close();
  }
}
