import type { Environment, SingularReaderSelector } from 'relay-runtime';

/** Reads the selection of a query or fragment from the store. `T` is its `$data` type of relay-compiler. */
export function readStore<T extends object>(environment: Environment, selector: SingularReaderSelector): T {
  return environment.lookup(selector).data as T;
}
