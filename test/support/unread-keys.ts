/**
 * `value` as something that remembers which of its members were looked at. A validator that is made from a schema without
 * `additionalProperties: false` never looks at a member that the schema does not have, so that what is unread is misspelt.
 * A member whose object was walked through (a map, as labels are) counts as read with all in it.
 */
export function recordUnread<T extends object>(value: T): { value: T; unread: () => string[] } {
  const unread = new Set<string>();
  return { value: record(value, ''), unread: () => [...unread] };

  function record<V extends object>(target: V, path: string): V {
    const keys = Object.keys(target).map((key) => `${path}/${key}`);
    if (!Array.isArray(target)) for (const key of keys) unread.add(key);
    const inner = new Map<PropertyKey, unknown>();
    return new Proxy(target, {
      get(object, key, receiver) {
        const member: unknown = Reflect.get(object, key, receiver);
        unread.delete(`${path}/${String(key)}`);
        if (typeof member !== 'object' || member === null || !Object.hasOwn(object, key)) return member;
        if (!inner.has(key)) inner.set(key, record(member, `${path}/${String(key)}`));
        return inner.get(key);
      },
    });
  }
}
