import type { Principal } from '../principal/principal.ts';

/**
 * Names a log by whatever says whose it is: a principal that is pointed at another account or endpoint must not inherit.
 * The name has no `!`, which ends it in the keys of the store.
 */
export const keyOf = ({ name, configuredAccountId = '', endpoint = '' }: Principal, log: string): string =>
  [name, configuredAccountId, endpoint, log].map((part) => encodeURIComponent(part).replaceAll('!', '%21')).join('/');
