import type { Environment, SingularReaderSelector } from 'relay-runtime';

/** What a query or fragment selects, as it is in the store now. `T` is its `$data` type, which relay-compiler has made. */
export function readStore<T extends object>(environment: Environment, selector: SingularReaderSelector): T {
  return environment.lookup(selector).data as T;
}
