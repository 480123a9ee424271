import type { Principal } from '../principal/principal.ts';

const dateTag = '$date';

/**
 * An object of AWS as text, and back, the same to `isDeepStrictEqual`: what is read again after a restart must not look like a change.
 * JSON, so that any version of Node reads what any other wrote; Dates are tagged.
 */
export const encode = (value: unknown): string =>
  JSON.stringify(value, function (this: Readonly<Record<string, unknown>>, key, plain: unknown) {
    const original = this[key];
    return original instanceof Date ? { [dateTag]: original.getTime() } : plain;
  });

export const decode = (text: string): unknown =>
  JSON.parse(text, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null || !(dateTag in value)) return value;
    const time = value[dateTag];
    return typeof time === 'number' && Object.keys(value).length === 1 ? new Date(time) : value;
  });

/**
 * Names a log by whatever says whose it is: a principal that is pointed at another account or endpoint must not inherit.
 * The name has no `!`, which ends it in the keys of the store.
 */
export const keyOf = ({ name, configuredAccountId = '', endpoint = '' }: Principal, log: string): string =>
  [name, configuredAccountId, endpoint, log].map((part) => encodeURIComponent(part).replaceAll('!', '%21')).join('/');
