import type { Setting } from '../config/setting.ts';

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
