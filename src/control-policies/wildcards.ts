/** Stands for any text, the empty one included. */
const ANY_TEXT = -1;
/** Stands for exactly one character. */
const ANY_CHARACTER = -2;

/**
 * A pattern as UTF-16 code units. Wildcards are negative, so that they differ from the characters `*` and `?`, which a
 * pattern can contain as `${*}` and `${?}`.
 */
export type Pattern = readonly number[];

export function parsePattern(text: string): Pattern {
  return Array.from({ length: text.length }, (_, index) => {
    const unit = text.charCodeAt(index);
    return unit === 0x2a ? ANY_TEXT : unit === 0x3f ? ANY_CHARACTER : unit;
  });
}

/** Returns a pattern that matches the text only. */
export function literalPattern(text: string): Pattern {
  return Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
}

/** Splits a pattern at colons into at most `max` patterns; the last one keeps its colons. */
export function splitPattern(pattern: Pattern, max: number): readonly Pattern[] {
  const parts: Pattern[] = [];
  let start = 0;
  while (parts.length < max - 1) {
    const colon = pattern.indexOf(0x3a, start);
    if (colon < 0) break;
    parts.push(pattern.slice(start, colon));
    start = colon + 1;
  }
  return [...parts, pattern.slice(start)];
}

/** Whether the pattern is `*` alone. */
export function isAnyText(pattern: Pattern): boolean {
  return pattern.length === 1 && pattern[0] === ANY_TEXT;
}

/** Compiles a pattern. The usual ones, without wildcards or with `*` at the end only, compare text with text. */
export function compilePattern(pattern: Pattern): (text: string) => boolean {
  const firstWildcard = pattern.findIndex((unit) => unit < 0);
  if (firstWildcard < 0) {
    const expected = toText(pattern);
    return (text) => text === expected;
  }
  if (firstWildcard === pattern.length - 1 && pattern[firstWildcard] === ANY_TEXT) {
    const prefix = toText(pattern.slice(0, -1));
    return (text) => text.startsWith(prefix);
  }
  return (text) => matches(pattern, text);
}

function toText(pattern: Pattern): string {
  return pattern.map((unit) => String.fromCharCode(unit)).join('');
}

/**
 * Backtracks only to the last `*`, so that a hostile pattern costs at most pattern × text steps; a regular expression
 * can cost exponentially many.
 */
function matches(pattern: Pattern, text: string): boolean {
  let inPattern = 0;
  let inText = 0;
  let lastStar = -1;
  let resumeAt = 0;
  while (inText < text.length) {
    const expected = pattern[inPattern];
    if (expected === ANY_TEXT) {
      lastStar = inPattern;
      resumeAt = inText;
      inPattern += 1;
    } else if (expected === ANY_CHARACTER) {
      inPattern += 1;
      inText += isSurrogatePair(text, inText) ? 2 : 1;
    } else if (expected === text.charCodeAt(inText)) {
      inPattern += 1;
      inText += 1;
    } else if (lastStar >= 0) {
      inPattern = lastStar + 1;
      resumeAt += 1;
      inText = resumeAt;
    } else {
      return false;
    }
  }
  while (pattern[inPattern] === ANY_TEXT) inPattern += 1;
  return inPattern === pattern.length;
}

function isSurrogatePair(text: string, index: number): boolean {
  return (text.codePointAt(index) ?? 0) > 0xffff;
}

/** Whether text matches an IAM pattern, in which `*` stands for any text and `?` for one character. */
export function matchesPattern(pattern: string, text: string): boolean {
  return matches(parsePattern(pattern), text);
}

/** Matches names that IAM compares without case: actions and condition keys. */
export function matchesPatternIgnoringCase(pattern: string, text: string): boolean {
  return matchesPattern(pattern.toLowerCase(), text.toLowerCase());
}
