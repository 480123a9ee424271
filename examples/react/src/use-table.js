import { watch } from 'orgql/client';
import { useEffect, useState, useSyncExternalStore } from 'react';

const initial = { rows: new Map(), status: { state: 'connecting' }, updatedAt: undefined };
const noTable = { subscribe: () => () => {}, getSnapshot: () => initial };

/** Keeps the objects of a subscription in a table while the component is mounted: `{ rows, status, updatedAt }`. */
export function useTable(subscription, transport) {
  const [table, setTable] = useState(noTable);
  useEffect(() => {
    const opened = watch(subscription, { transport });
    setTable(opened);
    return opened.close;
  }, [subscription, transport]);
  return useSyncExternalStore(table.subscribe, table.getSnapshot);
}
