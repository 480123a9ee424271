import type { WallMs } from '../upstream/index.ts';
import { timeOf } from '../watcher/history/entry-ids.ts';
import type { HistoryEntry, HistoryGap, HistoryReader } from '../watcher/history/history-types.ts';
import { historyMatches } from './history-filter.ts';
import type { HistoryPage, HistoryQuery } from './types.ts';

/** The number of changes that are read at a time while a filter has to look for matches. */
const SCAN_PAGE = 500;
/** A page looks at no more changes than this, and ends earlier than `first` then. */
const MAX_SCANNED = 10_000;

/** Reads a page of a history, the newest change first. */
export async function readHistory(reader: HistoryReader, query: HistoryQuery): Promise<HistoryPage> {
  const { filter, first, after } = query;
  const range = rangeOf(query);
  const matches = historyMatches(filter);
  const entries: HistoryEntry[] = [];
  let end = after;
  for (let scanned = 0; scanned < MAX_SCANNED; ) {
    // One more shows whether there is a next page.
    const limit = matches === undefined ? first + 1 : SCAN_PAGE;
    const found = await reader.read({ ...range, before: end, limit });
    for (const entry of found) {
      if (matches?.(entry) === false) {
        end = entry.id;
        continue;
      }
      if (entries.length === first) return { entries, hasMore: true, end };
      entries.push(entry);
      end = entry.id;
    }
    if (found.length < limit) return { entries, hasMore: false, end };
    scanned += found.length;
  }
  return { entries, hasMore: true, end };
}

/** Reads the gaps between the newest and the oldest change that a page may have. */
export function readGaps(
  reader: HistoryReader,
  query: HistoryQuery,
  { hasMore, end }: HistoryPage,
): Promise<readonly HistoryGap[]> {
  const { objectIds, since = 0, until = Number.MAX_SAFE_INTEGER } = rangeOf(query);
  const oldest = hasMore && end !== undefined ? timeOf(end) : since;
  const newest = query.after === undefined ? until : Math.min(until, timeOf(query.after));
  return reader.gaps(oldest as WallMs, newest as WallMs, objectIds);
}

const rangeOf = ({ filter: { objectIds, since, until } }: HistoryQuery) => ({
  objectIds: objectIds ?? undefined,
  since: since == null ? undefined : (since.getTime() as WallMs),
  until: until == null ? undefined : (until.getTime() as WallMs),
});
