/** The same function for what it is asked again and again: it remembers up to `most` results, none of them undefined. Who asks for many is not to fill the memory, so all are forgotten then. */
export function remembering<K, V>(most: number, find: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>();
  return (key) => {
    let found = known.get(key);
    if (found === undefined) {
      found = find(key);
      if (known.size >= most) known.clear();
      known.set(key, found);
    }
    return found;
  };
}
