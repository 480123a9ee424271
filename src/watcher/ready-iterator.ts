/** What can be taken at once: a value, or the end; a promise where the value is there, and something is still to be made of it. */
export type Taken<T> = IteratorResult<T, undefined> | Promise<IteratorResult<T, undefined>>;

/** Who reads such an iterator, while it waits. */
export interface Reader {
  /** There is something to take. Must not throw. */
  ready(): void;
}

/**
 * An iterator whose one reader can also take what is there without waiting for a promise, and be called when there is something. Ten thousand readers of the same
 * event cost ten thousand times several promises otherwise. Either way of reading, not both at a time.
 */
export interface ReadyIterator<T> extends AsyncIterator<T, undefined> {
  /** What `next` would give at once; undefined when it would have to wait. Throws what `next` would reject with. */
  tryNext(): Taken<T> | undefined;
  /** Tells the reader once, as soon as `tryNext` has something. Only after it had nothing. */
  whenReady(reader: Reader): void;
}

export function isReadyIterator<T>(iterator: AsyncIterator<T>): iterator is ReadyIterator<T> {
  return 'tryNext' in iterator && 'whenReady' in iterator;
}
