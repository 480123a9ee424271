const nonAscii = /[\u0080-\uffff]/;

/** Removes differences of case, and between composed and decomposed characters (Unicode NFC). */
export const foldText = (text: string): string => text.normalize('NFC').toLowerCase().replaceAll('ς', 'σ');

/**
 * A regular expression for an ASCII text in lower case, and in upper case. V8 needs milliseconds to compile the flag
 * `i` together with a range of characters that are not ASCII.
 */
const inAnyCase = (text: string): string =>
  text.replace(/[a-z]|[\\^$.*+?()[\]{}|/]/g, (one) =>
    /[a-z]/.test(one) ? `[${one}${one.toUpperCase()}]` : `\\${one}`,
  );

/**
 * Returns whether a text contains `part`, without case and after Unicode NFC. Nothing is allocated for ASCII: a filter
 * tests the names and e-mail addresses of all accounts.
 */
export function containsText(part: string): (text: string | undefined) => boolean {
  const folded = foldText(part);
  const containsFolded = (text: string) => foldText(text).includes(folded);
  if (nonAscii.test(folded)) return (text) => text !== undefined && nonAscii.test(text) && containsFolded(text);
  // Finds the part, or a character for which the expression is not exact (it may compose with the one before it).
  const candidate = new RegExp(`${inAnyCase(folded)}|[\\u0080-\\uffff]`);
  return (text) => text !== undefined && candidate.test(text) && (!nonAscii.test(text) || containsFolded(text));
}
