/** Returns the start of the month, in UTC, that is `months` after the month of `now`. */
export function monthStart(now: number, months: number): number {
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1);
}
