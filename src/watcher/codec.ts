import type { Principal } from '../principal/principal.ts';

const dateTag = '$date';

/**
 * Encodes an object of AWS as JSON with tagged Dates. Decoding returns an object that is equal to `isDeepStrictEqual`,
 * so that a stored object does not look like a change after a restart. Unlike V8's format, JSON is the same for all
 * versions of Node.
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
 * Returns the key of a log. It includes the account and endpoint, so that a principal with another account or endpoint
 * does not use the old log. It has no `!`, which separates the parts of the store's keys.
 */
export const keyOf = ({ name, configuredAccountId = '', endpoint = '' }: Principal, log: string): string =>
  [name, configuredAccountId, endpoint, log].map((part) => encodeURIComponent(part).replaceAll('!', '%21')).join('/');
