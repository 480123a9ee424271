/** Merges lists that descend, without duplicates. Returns at most `limit` items. */
export function mergeNewestFirst(
  lists: readonly (readonly string[])[],
  limit: number,
  isAfter: (a: string, b: string) => boolean = (a, b) => a > b,
): readonly string[] {
  const [only = []] = lists;
  if (lists.length <= 1) return only.slice(0, limit);
  const merged: string[] = [];
  const next = lists.map(() => 0);
  while (merged.length < limit) {
    let newest: string | undefined;
    for (const [index, list] of lists.entries()) {
      const head = list[next[index] ?? 0];
      if (head !== undefined && (newest === undefined || isAfter(head, newest))) newest = head;
    }
    if (newest === undefined) break;
    merged.push(newest);
    for (const [index, list] of lists.entries()) {
      const at = next[index] ?? 0;
      if (list[at] === newest) next[index] = at + 1;
    }
  }
  return merged;
}
