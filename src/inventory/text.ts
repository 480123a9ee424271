const nonAscii = /[\u0080-\uffff]/;

/** Removes differences of case, and between composed and decomposed characters (Unicode NFC). */
export const foldText = (text: string): string => text.normalize('NFC').toLowerCase().replaceAll('ς', 'σ');

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/**
 * Returns whether a text contains `part`, without case and after Unicode NFC. Nothing is allocated for ASCII: a filter
 * tests the names and e-mail addresses of all accounts.
 */
export function containsText(part: string): (text: string | undefined) => boolean {
  const folded = foldText(part);
  const containsFolded = (text: string) => foldText(text).includes(folded);
  if (nonAscii.test(folded)) return (text) => text !== undefined && nonAscii.test(text) && containsFolded(text);
  // Finds the part, or a character for which the expression is not exact (it may compose with the one before it).
  const candidate = new RegExp(`${escaped(folded)}|[\\u0080-\\uffff]`, 'i');
  return (text) => text !== undefined && candidate.test(text) && (!nonAscii.test(text) || containsFolded(text));
}
