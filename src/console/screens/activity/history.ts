import { useCallback, useEffect, useRef, useState } from 'react';
import type { RequestError } from '../../data/request.ts';
import { useSession } from '../../data/session.tsx';
import type { HistoryFilter } from './activity.generated.ts';
import { HistoryDocument } from './activity.generated.ts';
import type { Change, Gap } from './describe.ts';
import { useSignals } from './signals.ts';

/** Changes that are read at once. */
const PAGE = 500;
/** The history is always the latest. The organization that has it may be of this age, in seconds: that costs no call. */
export const MAX_AGE = 3_600;
/** A change is marked for this long, in ms. */
const MARK_MS = 10_000;
/** Some changes, such as those of tags, have no subscription: the page looks for them at this interval, in ms. */
const LOOK_MS = 5_000;

export interface ActivityHistory {
  /** The newest first. */
  readonly changes: readonly Change[];
  readonly gaps: readonly Gap[];
  readonly isReady: boolean;
  /** False if the organization is not kept. */
  readonly isKept: boolean;
  readonly error: RequestError | undefined;
  readonly hasOlder: boolean;
  readonly isReading: boolean;
  /** Changes that appeared within the last seconds. */
  readonly fresh: ReadonlySet<string>;
  readonly readOlder: () => void;
  readonly retry: () => void;
}

interface Loaded {
  readonly changes: readonly Change[];
  readonly gaps: readonly Gap[];
  readonly cursor: string | null;
  readonly isKept: boolean;
}

/** Follows the history with a filter. It costs no calls to AWS: the gateway answers from its storage. */
export function useHistory(filter: HistoryFilter): ActivityHistory {
  const { queries } = useSession();
  const [loaded, setLoaded] = useState<Loaded>();
  const [error, setError] = useState<RequestError>();
  const [isReading, setReading] = useState(false);
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  const latest = useRef<Loaded>(undefined);
  latest.current = loaded;
  const key = JSON.stringify(filter);
  const generation = useRef(0);

  /** `first`: the newest page; `newer`: what is newer than the list; `older`: the next page. */
  const read = useCallback(
    async (what: 'first' | 'newer' | 'older') => {
      const own = what === 'first' ? ++generation.current : generation.current;
      const known = latest.current;
      const conditions: HistoryFilter = JSON.parse(key);
      const since = what === 'newer' ? known?.changes[0]?.observedAt : undefined;
      if (what !== 'newer') setReading(true);
      const { data, errors } = await queries.execute(
        HistoryDocument,
        {
          first: PAGE,
          after: what === 'older' ? (known?.cursor ?? null) : null,
          filter: { ...conditions, ...(since !== undefined && { since }) },
        },
        { maxAge: MAX_AGE, isBackground: what === 'newer' },
      );
      if (own !== generation.current) return;
      if (what !== 'newer') setReading(false);
      const [failure] = errors;
      setError(failure);
      if (failure !== undefined) return;
      const history = data?.organization?.history;
      const { nodes = [], gaps = [], pageInfo } = history ?? {};
      const cursor = pageInfo?.hasNextPage ? pageInfo.endCursor : null;
      const present = what === 'first' ? undefined : latest.current;
      const ids = new Set(present?.changes.map(({ id }) => id));
      const added = nodes.filter(({ id }) => !ids.has(id));
      // What is newer than a whole page has taken the place of the list.
      const isReplaced = what === 'first' || (what === 'newer' && cursor !== null);
      const before = isReplaced ? [] : (present?.changes ?? []);
      if (what === 'newer' && added.length === 0) return;
      setLoaded({
        changes: what === 'older' ? [...before, ...added] : [...added, ...before],
        gaps: isReplaced ? gaps : merge(present?.gaps ?? [], gaps),
        cursor: what === 'newer' && !isReplaced ? (present?.cursor ?? null) : cursor,
        isKept: history != null,
      });
      if (what === 'newer')
        mark(
          added.map(({ id }) => id),
          setFresh,
        );
    },
    [queries, key],
  );

  useEffect(() => void read('first'), [read]);
  const look = useCallback(() => {
    if (latest.current?.isKept) void read('newer');
  }, [read]);
  useSignals(look);
  useEffect(() => {
    // A page that is seen again shows what it has missed with its next look.
    const timer = setInterval(() => document.visibilityState === 'visible' && look(), LOOK_MS);
    return () => clearInterval(timer);
  }, [look]);

  return {
    changes: loaded?.changes ?? [],
    gaps: loaded?.gaps ?? [],
    isReady: loaded !== undefined,
    isKept: loaded?.isKept ?? true,
    error: loaded === undefined ? error : undefined,
    hasOlder: loaded?.cursor != null,
    isReading,
    fresh,
    readOlder: () => void read('older'),
    retry: () => void read('first'),
  };
}

/** A gap that lasts is in several pages, each time with its latest end. */
function merge(known: readonly Gap[], read: readonly Gap[]): readonly Gap[] {
  const gaps = [...known, ...read].map((gap) => [`${gap.since} ${gap.objectId}`, gap] as const);
  return [...new Map(gaps).values()];
}

function mark(ids: readonly string[], set: (change: (known: ReadonlySet<string>) => ReadonlySet<string>) => void) {
  set((known) => new Set([...known, ...ids]));
  setTimeout(() => set((known) => new Set([...known].filter((id) => !ids.includes(id)))), MARK_MS);
}
