import type { Batch, ObservedObject } from './journal.ts';
import { isSameObject } from './kinds.ts';

/** Changed objects by id, before and after; undefined if all objects may be others. */
export type ObjectChanges = ReadonlyMap<string, { readonly before: unknown; readonly after: unknown }> | undefined;

/** The objects that a batch changes, before it is applied to the list; undefined if there are none. */
export const changesIn = <T>(
  { patch }: Batch<T>,
  list: { get(id: string): ObservedObject<T> | undefined },
): ObjectChanges => {
  const changes = new Map<string, { readonly before: unknown; readonly after: unknown }>();
  for (const [id, observed] of patch) {
    const before = list.get(id)?.object;
    const after = observed?.object;
    // Another process's batch repeats unchanged objects, as new objects.
    if (before !== after && !isSameObject(before, after)) changes.set(id, { before, after });
  }
  return changes.size === 0 ? undefined : changes;
};
