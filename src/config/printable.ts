/**
 * Characters that control a terminal (C0, C1), that change the direction of text, or that are invisible, such as tags
 * (U+E0000): names come from other organizations.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to escape.
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\udb40[\udc00-\udc7f]/g;

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
