import type { WallMs } from '../../upstream/index.ts';

/** The place of an entry in a history. */
export interface EntryPlace {
  readonly ms: number;
  readonly number: number;
}

export const entryId = ({ ms, number }: EntryPlace): string => `${ms}-${number}`;

export const placeOf = (id: string): EntryPlace => {
  const [ms, number] = id.split('-');
  return { ms: Number(ms), number: Number(number) };
};

export const timeOf = (id: string): WallMs => placeOf(id).ms as WallMs;

/**
 * The place after another one, at a time or later: the order of places is that in which entries are stored. In whole ms,
 * as `sortableTime` has them.
 */
export const nextPlace = (last: EntryPlace | undefined, at: WallMs): EntryPlace => {
  const ms = Math.floor(at);
  return last === undefined || ms > last.ms ? { ms, number: 0 } : { ms: last.ms, number: last.number + 1 };
};

/** Text that sorts like places. */
const timeDigits = 15;
export const sortableTime = (ms: number): string => String(Math.max(0, Math.floor(ms))).padStart(timeDigits, '0');
export const sortableId = (id: string): string => {
  const { ms, number } = placeOf(id);
  return `${sortableTime(ms)}-${String(number).padStart(9, '0')}`;
};

/** The place of a `sortableId`. */
export const placeOfSortable = (text: string): EntryPlace => ({
  ms: Number(text.slice(0, timeDigits)),
  number: Number(text.slice(timeDigits + 1)),
});

/** Whether an id comes before another one. */
export const isBefore = (a: string, b: string): boolean => {
  const [one, other] = [placeOf(a), placeOf(b)];
  return one.ms === other.ms ? one.number < other.number : one.ms < other.ms;
};
