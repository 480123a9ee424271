/**
 * Characters that control a terminal (C0, C1), that change the direction of text, or that are invisible, such as tags
 * (U+E0000): names come from other organizations. The variation selector of an emoji, which is visible, stays.
 * https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point
 */
const UNSAFE =
  /(?!(?<=\p{Extended_Pictographic})\ufe0f)[\p{Cc}\p{Default_Ignorable_Code_Point}\u2028\u2029\ufff9-\ufffb]/gu;

const toEscape = (character: string): string =>
  character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');

/** Escapes what could control a terminal, so that the text is one line. */
export const printable = (text: string): string => text.replace(UNSAFE, toEscape);

/** Prints a value as JSON, in which such characters are escaped, too. */
export const toJson = (value: unknown, indent?: number): string =>
  // The line breaks of the indentation stay.
  JSON.stringify(value ?? null, undefined, indent)
    .split('\n')
    .map(printable)
    .join('\n');

/** Line breaks and tabs are as visible as spaces. */
const LAYOUT = /([\t\n\r]+)/;

/** Copies a value of JSON, and escapes such characters in its strings, but for line breaks and tabs. */
export function withPrintableStrings<T>(value: T): T;
export function withPrintableStrings(value: unknown): unknown {
  if (typeof value === 'string')
    return value
      .split(LAYOUT)
      .map((part, index) => (index % 2 ? part : printable(part)))
      .join('');
  if (Array.isArray(value)) return value.map((item) => withPrintableStrings<unknown>(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, withPrintableStrings(child)]));
}
