import { loadConfig } from '../config/load.ts';
import { createGateway } from '../gateway.ts';
import type { Running } from './running.ts';
import { type AddressOptions, addressSettings } from './settings.ts';

export interface ServeOptions extends AddressOptions {
  readonly config?: string;
}

/** `orgql serve`: the gateway over AWS. */
export async function serve({ config: file, ...options }: ServeOptions): Promise<Running> {
  const config = loadConfig({ file, environment: process.env, options: addressSettings(options) });
  const gateway = await createGateway(config);
  return { ready: `orgql ready at ${gateway.url}`, close: gateway.close };
}
