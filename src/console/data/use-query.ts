import { useEffect, useMemo, useSyncExternalStore } from 'react';
import type { QueryOptions, QueryState } from './queries.ts';
import { useSession } from './session.tsx';
import { Store } from './store.ts';
import type { TypedDocument } from './typed-document.ts';

const IDLE = new Store<QueryState<unknown>>({ data: null, errors: [], isLoading: false, ageMs: 0, reload: () => {} });

/** Runs a query, and keeps its result for components that ask the same. `variables`: undefined runs nothing. */
export function useQuery<Data, Variables>(
  document: TypedDocument<Data, Variables>,
  variables: Variables | undefined,
  options: QueryOptions = {},
): QueryState<Data> {
  const { queries } = useSession();
  const key = JSON.stringify([variables, options]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for variables and options.
  const query = useMemo(
    () => (variables === undefined ? undefined : queries.open(document, variables, options)),
    [queries, document, key],
  );
  useEffect(() => query?.start(), [query]);
  const { subscribe, get } = query?.state ?? IDLE;
  return useSyncExternalStore(subscribe, get) as QueryState<Data>;
}
