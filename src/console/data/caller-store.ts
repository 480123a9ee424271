import { Store } from './store.ts';

const resets: (() => void)[] = [];

/** Creates a store of the whole page whose content belongs to the caller: for another caller it starts again. */
export function createCallerStore<T>(initial: T): Store<T> {
  const store = new Store(initial);
  resets.push(() => store.set(initial));
  return store;
}

/** Another caller has signed in. */
export function resetCallerStores(): void {
  for (const reset of resets) reset();
}
