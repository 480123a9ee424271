import type { OperationName } from './operation-types.ts';

/** The same for two inputs that say the same: members in any order, undefined ones left out. */
export function readKey(operation: OperationName, input: object): string {
  return `${operation} ${JSON.stringify(input, sorted)}`;
}

function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
