import { readFile } from 'node:fs/promises';
import { ConfigError } from '../../config/config-error.ts';
import { TOKEN_VARIABLE } from '../../config/environment.ts';
import type { GatewayAccess } from '../gateway-request.ts';
import { DEFAULT_URL } from '../options.ts';

export interface GatewayOptions {
  readonly url?: string;
  readonly tokenFile?: string;
  readonly inProcess?: boolean;
  readonly config?: string;
}

/** The gateway that an operation runs on. */
export interface GatewayConnection extends GatewayAccess {
  close(): Promise<void>;
}

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
    // A gateway's code is loaded only if it is needed.
    const { loadInProcessConfig, startInProcess } = await import('../in-process-gateway.ts');
    return startInProcess(await loadInProcessConfig(config));
  }
  return connectRunning(options);
}

/**
 * Returns the running gateway of --url, with its credential.
 *
 * @throws {ConfigError} for an invalid token
 */
export async function connectRunning({
  url = DEFAULT_URL,
  tokenFile,
}: Pick<GatewayOptions, 'url' | 'tokenFile'>): Promise<GatewayConnection> {
  const token = tokenFile === undefined ? process.env[TOKEN_VARIABLE] || undefined : await readToken(tokenFile);
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token))
    throw new ConfigError([`${tokenFile ?? TOKEN_VARIABLE} has no valid token; expected one line without spaces`]);
  return { url, token, close: async () => {} };
}

async function readToken(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : error;
    throw new ConfigError([`--token-file: cannot read ${file}: ${String(code)}`]);
  }
}
