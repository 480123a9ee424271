import { useMemo } from 'react';
import { groupedId } from '../../data/text.ts';
import { useQuery } from '../../data/use-query.ts';
import { ChangedNamesDocument } from './activity.generated.ts';
import { type Change, mentionedIds, type Names } from './describe.ts';

/** More are shown with their ids. */
const MAX_NAMES = 200;
/** In seconds: the kept inventory answers, without calls. */
const MAX_AGE = 600;

/** The names of units and policies that changes mention by id. */
export function useNames(changes: readonly Change[]): Names {
  const ids = useMemo(() => [...new Set(changes.flatMap(mentionedIds))].sort().slice(0, MAX_NAMES), [changes]);
  const { data } = useQuery(ChangedNamesDocument, ids.length === 0 ? undefined : { ids }, { maxAge: MAX_AGE });
  return useMemo(() => {
    const names = new Map<string, string>();
    for (const node of data?.nodes ?? []) {
      if (node?.__typename === 'Handshake') {
        if (node.recipient) names.set(node.id, groupedId(node.recipient.id));
      } else if (node && 'name' in node && node.name !== null) names.set(node.id, node.name);
    }
    return names;
  }, [data]);
}
