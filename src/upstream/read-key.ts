import type { OperationName } from './operation-types.ts';

/** The same for two inputs that say the same: members in any order, undefined ones left out. */
export function readKey(operation: OperationName, input: object): string {
  return `${operation} ${isInOrder(input) ? JSON.stringify(input) : JSON.stringify(input, sorted)}`;
}

/** Most inputs are: one member or two, none of which has members itself. */
function isInOrder(input: object): boolean {
  let last = '';
  for (const [name, value] of Object.entries(input)) {
    if (name < last || typeof value === 'object') return false;
    last = name;
  }
  return true;
}

function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
