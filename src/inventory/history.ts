import type { WallMs } from '../upstream/index.ts';
import { timeOf } from '../watcher/history/entry-ids.ts';
import type { HistoryEntry, HistoryReader } from '../watcher/history/history-types.ts';
import { historyMatches } from './history-filter.ts';
import type { HistoryPage, HistoryQuery } from './types.ts';

/** The number of changes that are read at a time while a filter has to look for matches. */
const SCAN_PAGE = 500;
/** A page looks at no more changes than this, and ends earlier than `first` then. */
const MAX_SCANNED = 10_000;

/** Reads a page of a history, the newest change first. */
export async function readHistory(reader: HistoryReader, query: HistoryQuery): Promise<HistoryPage> {
  const { objectIds, since, until } = query.filter;
  const range = {
    objectIds: objectIds ?? undefined,
    since: since == null ? undefined : (since.getTime() as WallMs),
    until: until == null ? undefined : (until.getTime() as WallMs),
  };
  const page = await findEntries(reader, query, range);
  const { entries, hasMore, end } = page;
  // What lies between the newest and the oldest change of the page, or beyond the last one.
  const [from, to] = [
    hasMore && end !== undefined ? timeOf(end) : (range.since ?? (0 as WallMs)),
    newest(query, range),
  ];
  return { entries, hasMore, end, gaps: await reader.gaps(from, to, range.objectIds) };
}

type Range = Pick<Parameters<HistoryReader['read']>[0], 'objectIds' | 'since' | 'until'>;

async function findEntries(
  reader: HistoryReader,
  { filter, first, after }: HistoryQuery,
  range: Range,
): Promise<Omit<HistoryPage, 'gaps'>> {
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

/** The time of the first change that the page may have. */
const newest = ({ after }: HistoryQuery, { until }: Range): WallMs =>
  Math.min(after === undefined ? Number.MAX_SAFE_INTEGER : timeOf(after), until ?? Number.MAX_SAFE_INTEGER) as WallMs;
