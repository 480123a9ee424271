import { ConfigError } from '../../config/config-error.ts';
import { configSchema } from '../../config/index.ts';
import { loadInProcessConfig, startInProcess } from '../in-process-gateway.ts';
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
  const { principals, upstream, graph } = await loadInProcessConfig(config);
  const defaults = configSchema.parse({ host: '127.0.0.1', port: 0, log: { level: 'error', audit: false } });
  const { close, ...gateway } = await startInProcess({
    ...defaults,
    principals,
    upstream,
    graph: { ...defaults.graph, maxCalls: Number.MAX_SAFE_INTEGER },
  });
  try {
    const read = await readFromGateway({ ...options, ...gateway, label: 'AWS' }, accounts);
    return { ...read, options: { additionalRcpServices: graph.additionalRcpServices } };
  } finally {
    await close();
  }
}
