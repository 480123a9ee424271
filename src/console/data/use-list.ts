import { useEffect, useMemo, useSyncExternalStore } from 'react';
import type { ListDefinition, ListState } from './lists.ts';
import { useSession } from './session.tsx';

const NO_VARIABLES = {};

/** Follows a live list while the component is mounted. `variables` may be a new object each time. */
export function useList<Row>(
  definition: ListDefinition<Row>,
  variables: Readonly<Record<string, unknown>> = NO_VARIABLES,
): ListState<Row> {
  const { lists } = useSession();
  const key = JSON.stringify(variables);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for `variables`.
  const list = useMemo(() => lists.open(definition, variables), [lists, definition, key]);
  useEffect(() => lists.use(list), [lists, list]);
  return useSyncExternalStore(list.subscribe, list.get) as ListState<Row>;
}
