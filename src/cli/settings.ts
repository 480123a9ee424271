import type { Setting } from '../config/setting.ts';

export interface AddressOptions {
  readonly host?: string;
  readonly port?: number;
}

/** --host and --port as settings of the configuration. */
export function addressSettings({ host, port }: AddressOptions): Setting[] {
  return [
    { path: ['host'], value: host, source: '--host' },
    { path: ['port'], value: port, source: '--port' },
  ].filter(({ value }) => value !== undefined);
}
