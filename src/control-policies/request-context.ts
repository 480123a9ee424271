/**
 * Values of the request's condition keys. A key has one or more values, is known to be absent (null), or is unknown
 * (undefined).
 */
export interface RequestContext {
  get(key: string): readonly string[] | null | undefined;
}

/** @param isAbsent whether a key, in lower case, that is not in `values` is absent. Otherwise it is unknown. */
export function createRequestContext(
  values: Iterable<readonly [string, string | readonly string[] | null]>,
  isAbsent: (key: string) => boolean,
): RequestContext {
  const known = new Map<string, readonly string[] | null>();
  for (const [key, value] of values) {
    const list = typeof value === 'string' ? [value] : value;
    // IAM treats a key with an empty set of values as absent.
    known.set(key.toLowerCase(), list?.length === 0 ? null : list);
  }
  return {
    get(key) {
      const lower = key.toLowerCase();
      const value = known.get(lower);
      return value === undefined && isAbsent(lower) ? null : value;
    },
  };
}
