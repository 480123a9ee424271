import type { UpstreamSession } from '../../../src/upstream/index.ts';

/** Removes the paths from a reply. */
export const stripPaths = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(stripPaths);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const members = Object.entries(value).filter(([name]) => name !== 'Path' && name !== 'Paths');
  return Object.fromEntries(members.map(([name, member]) => [name, stripPaths(member)]));
};

/** A session with an emulator of AWS whose replies have no paths of accounts and units. */
export const withoutPaths = (session: UpstreamSession): UpstreamSession =>
  new Proxy(session, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return async (...args: unknown[]) => stripPaths(await Reflect.apply(value, target, args));
    },
  });
