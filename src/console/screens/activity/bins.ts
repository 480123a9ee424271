import { utcDay, utcTime } from '../../data/time.ts';

const HOUR = 3_600_000;
/** Lengths of a bar, in ms, and their words. */
const STEPS: readonly (readonly [ms: number, words: string])[] = [
  [60_000, 'minute'],
  [10 * 60_000, '10 minutes'],
  [HOUR, 'hour'],
  [6 * HOUR, '6 hours'],
  [24 * HOUR, 'day'],
  [7 * 24 * HOUR, 'week'],
];
const MAX_BINS = 64;

export interface Bins {
  /** The start of the first bar, in ms. */
  readonly start: number;
  readonly step: number;
  /** "6 hours". */
  readonly words: string;
  readonly counts: readonly number[];
}

/** Counts times, the newest first, in bars that end now. */
export function toBins(times: readonly number[], now: Date): Bins {
  const oldest = Math.min(times.at(-1) ?? now.getTime(), now.getTime() - HOUR);
  const last: readonly [number, string] = [30 * 24 * HOUR, '30 days'];
  const [step, words] = STEPS.find(([ms]) => (now.getTime() - oldest) / ms <= MAX_BINS - 1) ?? last;
  const end = (Math.floor(now.getTime() / step) + 1) * step;
  const length = Math.min(400, Math.ceil((end - oldest) / step));
  const start = end - length * step;
  const counts = new Array<number>(length).fill(0);
  for (const time of times) {
    const at = Math.min(length - 1, Math.max(0, Math.floor((time - start) / step)));
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return { start, step, words, counts };
}

/** Bars that are chosen, both ends included. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** "26 Nov 12:00 to now". */
export function rangeWords({ start, step, counts }: Bins, { from, to }: Range, now: Date): string {
  const moment = (at: number) => {
    const date = new Date(start + at * step);
    return `${utcDay(date, now)} ${utcTime(date)}`;
  };
  return `${moment(from)} to ${to >= counts.length - 1 ? 'now' : moment(to + 1)}`;
}

/** Moves a range by bars, or its end only. It stays within the bars, and has one at least. */
export function moveRange({ from, to }: Range, by: number, isResize: boolean, length: number): Range {
  if (isResize) return { from, to: Math.max(from, Math.min(length - 1, to + by)) };
  const shift = Math.max(-from, Math.min(length - 1 - to, by));
  return { from: from + shift, to: to + shift };
}
