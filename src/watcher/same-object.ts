import { isDeepStrictEqual } from 'node:util';

/**
 * Whether two objects of AWS are the same. AWS documents no order for what they list (Parties, Resources, tags), so
 * an order that differs is no change;
 * how often something is listed counts.
 */
export const isSameObject = (a: unknown, b: unknown): boolean =>
  isDeepStrictEqual(a, b) || isDeepStrictEqual(ordered(a), ordered(b));

/** A copy in which every list is in one order, whatever order it came in. */
const ordered = (value: unknown): unknown => {
  if (Array.isArray(value)) {
    const items = value.map(ordered).map((item) => ({ item, text: textOf(item) }));
    return items.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0)).map(({ item }) => item);
  }
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const members = Object.entries(value).map(([name, member]) => [name, ordered(member)] as const);
  return Object.fromEntries(members.sort(([a], [b]) => (a < b ? -1 : 1)));
};

const textOf = (value: unknown): string => JSON.stringify(value) ?? '';
