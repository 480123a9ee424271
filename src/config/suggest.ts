/** Returns the known name that is most similar to `name`; undefined if none is similar. */
export function suggest(name: string, known: Iterable<string>): string | undefined {
  const maxDistance = Math.max(name.length > 2 ? 1 : 0, Math.floor(name.length * 0.4));
  let best: string | undefined;
  let least = maxDistance + 1;
  for (const each of known) {
    if (Math.abs(each.length - name.length) >= least) continue;
    const distance = editDistance(name.toLowerCase(), each.toLowerCase());
    if (distance >= least) continue;
    best = each;
    least = distance;
  }
  return best;
}

/** Returns `; did you mean x?`, or '' without a similar name. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const suggestion = suggest(name, known);
  return suggestion === undefined ? '' : `; did you mean ${suggestion}?`;
}

/** The optimal string alignment distance: insertions, deletions, substitutions and transpositions. */
function editDistance(a: string, b: string): number {
  let previous: number[] = [];
  let current = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let distance = Math.min((current[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (current[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        distance = Math.min(distance, (previous[j - 2] ?? 0) + 1);
      }
      next.push(distance);
    }
    previous = current;
    current = next;
  }
  return current[b.length] ?? 0;
}
