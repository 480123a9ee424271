import type { OperationName } from './operation-types.ts';

/** The same for two inputs that say the same: members in any order, undefined ones left out. */
export function readKey(operation: OperationName, input: object): string {
  return `${operation} ${plainJson(input) ?? JSON.stringify(input, sorted)}`;
}

/** What JSON makes of an input, for most of them: a few members, of which none has members itself. It is made for every read, and JSON.stringify is slow to begin. */
function plainJson(input: object): string | undefined {
  let members = '';
  for (const name of sortedNames(input)) {
    const value: unknown = Reflect.get(input, name);
    if (value === undefined) continue;
    const text = plainText(value);
    if (text === undefined || !isPlain(name)) return undefined;
    members += members === '' ? `"${name}":${text}` : `,"${name}":${text}`;
  }
  return `{${members}}`;
}

function sortedNames(input: object): readonly string[] {
  const names = Object.keys(input);
  for (let index = 1; index < names.length; index += 1) {
    if ((names[index - 1] as string) > (names[index] as string)) return names.sort();
  }
  return names;
}

function plainText(value: unknown): string | undefined {
  if (typeof value === 'string') return isPlain(value) ? `"${value}"` : undefined;
  return typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
    ? String(value)
    : undefined;
}

/** Whether it stands in JSON as it is: printable ASCII, without quotes and backslashes. */
function isPlain(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || code > 0x7e || code === 0x22 || code === 0x5c) return false;
  }
  return true;
}

function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
