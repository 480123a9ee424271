/**
 * Whether text matches an IAM pattern, in which `*` stands for any text and `?` for one character. Backtracks only to
 * the last
 * `*`, so that a hostile pattern costs at most pattern × text steps; a regular expression can cost exponentially many.
 */
export function matchesPattern(pattern: string, text: string): boolean {
  let inPattern = 0;
  let inText = 0;
  let lastStar = -1;
  let resumeAt = 0;
  while (inText < text.length) {
    if (pattern[inPattern] === '*') {
      lastStar = inPattern;
      resumeAt = inText;
      inPattern += 1;
    } else if (inPattern < pattern.length && (pattern[inPattern] === '?' || pattern[inPattern] === text[inText])) {
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
  while (pattern[inPattern] === '*') inPattern += 1;
  return inPattern === pattern.length;
}

/** Matches names that IAM compares without case: actions and condition keys. */
export function matchesPatternIgnoringCase(pattern: string, text: string): boolean {
  return matchesPattern(pattern.toLowerCase(), text.toLowerCase());
}
