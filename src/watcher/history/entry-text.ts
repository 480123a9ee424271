import type { WallMs } from '../../upstream/index.ts';
import { type EntryPlace, entryId } from './entry-ids.ts';
import type { HistoryChange, HistoryEntry } from './history-types.ts';

/** A change as stores keep it. Its place has its time. */
export const changeText = ({ at: _at, ...value }: HistoryChange): string => JSON.stringify(value);

export function entryOf(place: EntryPlace, text: string): HistoryEntry {
  // The parsed object itself, as a copy of each entry of a page would take longer than parsing it.
  const value = JSON.parse(text) as { -readonly [K in keyof HistoryEntry]: HistoryEntry[K] };
  value.id = entryId(place);
  value.at = place.ms as WallMs;
  return value;
}
