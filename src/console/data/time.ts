/** Times as the console shows them: UTC first, as AWS counts months and ends in UTC. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

const two = (value: number) => String(value).padStart(2, '0');
/** "23:38" in UTC. */
export const utcTime = (date: Date): string => `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
/** "23:38" in the reader's zone. */
export const localTime = (date: Date): string => `${two(date.getHours())}:${two(date.getMinutes())}`;
export const LONG_MONTHS: readonly string[] = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November'],
  'December',
];
/** "November", in UTC. */
export const longMonth = (date: Date): string => LONG_MONTHS[date.getUTCMonth()] ?? '';
export const monthName = (month: number): string => MONTHS[((month % 12) + 12) % 12] ?? '';

/** "30 Nov", with the weekday within two weeks and the year if it is not this one. */
export function utcDay(date: Date, now: Date, { weekday = false } = {}): string {
  const day = `${date.getUTCDate()} ${monthName(date.getUTCMonth())}`;
  const isNear = Math.abs(date.getTime() - now.getTime()) < 14 * DAY;
  const prefix = weekday && isNear ? `${WEEKDAYS[date.getUTCDay()]} ` : '';
  return `${prefix}${day}${date.getUTCFullYear() === now.getUTCFullYear() ? '' : ` ${date.getUTCFullYear()}`}`;
}

/** "30 Nov 00:00" in UTC. */
export const utcMoment = (date: Date, now: Date): string => `${utcDay(date, now)} ${utcTime(date)}`;

/** "24 h 22 min", "4 d 11 h", "5 min", "40 s": two units at most. */
export function duration(ms: number): string {
  if (ms < MINUTE) return `${Math.max(0, Math.floor(ms / 1_000))} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  // AWS's deadlines are counted in hours up to two days.
  if (ms < 2 * DAY) return pair(Math.floor(ms / HOUR), 'h', Math.floor((ms % HOUR) / MINUTE), 'min');
  return pair(Math.floor(ms / DAY), 'd', Math.floor((ms % DAY) / HOUR), 'h');
}

const pair = (first: number, unit: string, second: number, other: string) =>
  second === 0 ? `${first} ${unit}` : `${first} ${unit} ${second} ${other}`;

/** "12 s ago". */
export const ago = (date: Date, now: Date): string => {
  const ms = now.getTime() - date.getTime();
  return ms < 1_000 ? 'now' : `${duration(ms)} ago`;
};

/** The first moment of the month that is `offset` months after that of a date, in UTC. */
export const monthStart = (date: Date, offset = 0): Date =>
  new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + offset, 1));
