import { duration, longMonth, monthStart, utcDay, utcMoment } from '../../../data/time.ts';

/** An invitation expires 24 hours before the start. */
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** A month in which a transfer could start, as the reader sees it. */
export interface Start {
  /** ISO time. */
  readonly value: string;
  /** "1 Dec 2026": who pays which year must not be guessed. */
  readonly label: string;
  /** How long the other side has to answer. */
  readonly timeLeft: string;
  /** The same where there is little room: "24 h", "32 days". */
  readonly shortTimeLeft: string;
  readonly isDue: boolean;
  /** Why it cannot be chosen. */
  readonly whyNot: string | undefined;
}

/** "1 Dec 2026", also in this year. */
export const fullDay = (date: Date, now: Date) => {
  const day = utcDay(date, now);
  return /\d{4}$/.test(day) ? day : `${day} ${date.getUTCFullYear()}`;
};

/** The next two months. `allowed`: those that AWS accepts, while they are known. */
export function startsOf(allowed: readonly string[] | undefined, now: Date): readonly Start[] {
  return [monthStart(now, 1), monthStart(now, 2)].map((start) => {
    const expires = new Date(start.getTime() - DAY_MS);
    const left = expires.getTime() - now.getTime();
    const isAllowed = allowed === undefined || allowed.some((each) => Date.parse(each) === start.getTime());
    return {
      value: start.toISOString(),
      label: fullDay(start, now),
      timeLeft: left > 0 ? `${duration(left)} to answer` : '',
      shortTimeLeft: left < 2 * DAY_MS ? `${Math.floor(left / HOUR_MS)} h` : `${Math.floor(left / DAY_MS)} days`,
      isDue: left < 2 * DAY_MS,
      whyNot:
        left > 0 && isAllowed
          ? undefined
          : `The invitation would have expired on ${utcMoment(expires, now)} UTC, 24 hours before the start.`,
    };
  });
}

interface Parties {
  readonly payer: string;
  readonly customer: string;
  readonly start: string | undefined;
}

/** Who pays which month, if a transfer ends then. */
export function payersOf(end: string, { payer, customer, start }: Parties): string {
  const last = new Date(end);
  if (start !== undefined && Date.parse(start) > last.getTime()) {
    return `The transfer does not start. ${customer} pays every month itself.`;
  }
  return `${payer} pays ${longMonth(last)}. ${customer} pays ${longMonth(monthStart(last, 1))}.`;
}
