/** In characters. */
const LONGEST = 100;

/** What a client sent where a name was expected, for a message: it may be anything, as long as a body, and nest deeper than JSON.stringify's stack. */
export function quoted(value: unknown): string {
  let text: string;
  try {
    text = JSON.stringify(value);
  } catch {
    return `(${typeof value})`;
  }
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
