import type { Principal } from '../principal/principal.ts';

const dateTag = '$date';

/** Encodes a value as JSON with tagged Dates (`{"$date": <ms>}`). Unlike V8's format, it is the same in all Nodes. */
export const encode = (value: unknown): string => JSON.stringify(withTags(value));

/**
 * Decodes a value that is equal to the encoded one in `isDeepStrictEqual`, so that a stored object does not look like a
 * change after a restart. It walks the parsed value, because a reviver makes JSON.parse take twice the time.
 */
export const decode = (text: string): unknown => {
  const value: unknown = JSON.parse(text);
  return text.includes(`"${dateTag}"`) ? withDates(value) : value;
};

type Members = Record<string | number, unknown>;

const isObject = (value: unknown): value is Members => typeof value === 'object' && value !== null;

/** Replaces Dates by tagged times. Copies only objects that hold one. */
function withTags(value: unknown): unknown {
  if (value instanceof Date) return { [dateTag]: value.getTime() };
  if (!isObject(value)) return value;
  let copy: Members | undefined;
  for (const name in value) {
    const member = value[name];
    if (!isObject(member)) continue;
    const tagged = withTags(member);
    if (tagged === member) continue;
    copy ??= (Array.isArray(value) ? value.slice() : { ...value }) as Members;
    copy[name] = tagged;
  }
  return copy ?? value;
}

/** Replaces tagged times by Dates, in place. */
function withDates(value: unknown): unknown {
  if (!isObject(value)) return value;
  const time = value[dateTag];
  if (typeof time === 'number' && Object.keys(value).length === 1) return new Date(time);
  for (const name in value) {
    const member = value[name];
    if (!isObject(member)) continue;
    const dated = withDates(member);
    if (dated !== member) value[name] = dated;
  }
  return value;
}

/** Encodes text as a part of a key in the store. It has no `!`, which separates the parts. */
export const keyPart = (text: string): string => encodeURIComponent(text).replaceAll('!', '%21');

/**
 * Returns the key of a log. It includes the account and endpoint, so that a principal with another account or endpoint
 * does not use the old log. It is a `keyPart`, too.
 */
export const keyOf = ({ name, configuredAccountId = '', endpoint = '' }: Principal, log: string): string =>
  [name, configuredAccountId, endpoint, log].map(keyPart).join('/');
