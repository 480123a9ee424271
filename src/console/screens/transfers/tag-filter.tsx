import { type ReactNode, useMemo, useState } from 'react';
import { FilterMenu } from '../../components/filter-menu.tsx';
import { useQuery } from '../../data/use-query.ts';
import { TransferTagsDocument } from './transfers.generated.ts';

/** Tags are read for all transfers at once, with a call each where the gateway keeps no copy: older ones are as good. In seconds. */
const MAX_AGE = 3_600;

const NO_VARIABLES = {};

export interface TagFilter {
  /** The ids of transfers with the chosen tag; undefined while none is chosen or they are not known. */
  readonly ids: ReadonlySet<string> | undefined;
  readonly menu: ReactNode;
}

/** The filter by a tag, such as `customer = Heather Hotels`. The tags are read when they are needed. */
export function useTagFilter(tag: string | undefined, onChange: (tag: string | undefined) => void): TagFilter {
  const [isWanted, setWanted] = useState(false);
  const isNeeded = isWanted || tag !== undefined;
  const { data, errors, isLoading } = useQuery(TransferTagsDocument, isNeeded ? NO_VARIABLES : undefined, {
    maxAge: MAX_AGE,
  });
  const transfers = data?.organization?.inboundResponsibilityTransfers?.nodes;
  const idsByTag = useMemo(() => {
    const found = new Map<string, Set<string>>();
    for (const { id, tags } of transfers ?? []) {
      for (const { key, value } of tags?.nodes ?? []) {
        const name = `${key} = ${value}`;
        const ids = found.get(name);
        if (ids === undefined) found.set(name, new Set([id]));
        else ids.add(id);
      }
    }
    return found;
  }, [transfers]);
  const [error] = errors;
  const note = isLoading && transfers === undefined ? 'Reading the tags …' : error?.message;
  return {
    ids: tag === undefined ? undefined : (idsByTag.get(tag) ?? (transfers === undefined ? undefined : new Set())),
    menu: (
      <FilterMenu
        name="Tag"
        value={tag}
        options={[...idsByTag]
          .map(([value, ids]) => ({ value, label: value, note: ids.size }))
          .sort((a, b) => (a.value < b.value ? -1 : 1))}
        onChange={onChange}
        onOpen={() => setWanted(true)}
        note={note && <p className="menu-text">{note}</p>}
      />
    ),
  };
}
