import { useEffect, useMemo, useSyncExternalStore } from 'react';
import type { ListDefinition, ListState } from './lists.ts';
import { useSession } from './session.tsx';

const NO_VARIABLES = {};

const NO_LIST: ListState<never> = {
  rows: new Map<string, never>(),
  isReady: false,
  status: { state: 'connecting' },
  updatedAt: undefined,
  changed: new Set(),
  retry: () => {},
};
const noList = () => NO_LIST;
const noSubscription = () => () => {};

/**
 * Follows a live list while the component is mounted. `variables` may be a new object each time; without a `definition`
 * no list is opened.
 */
export function useList<Row>(
  definition: ListDefinition<Row> | undefined,
  variables: Readonly<Record<string, unknown>> = NO_VARIABLES,
): ListState<Row> {
  const { lists } = useSession();
  const key = JSON.stringify(variables);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for `variables`.
  const list = useMemo(() => definition && lists.open(definition, variables), [lists, definition, key]);
  useEffect(() => list && lists.use(list), [lists, list]);
  return useSyncExternalStore(list?.subscribe ?? noSubscription, list?.get ?? noList) as ListState<Row>;
}
