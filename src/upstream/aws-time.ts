import type { Principal } from '../principal/principal.ts';
import { later, type MonotonicMs, systemClock, type WallMs } from './clock.ts';

interface Observed {
  readonly date: WallMs;
  readonly at: MonotonicMs;
}

const lastDates = new WeakMap<Principal, Observed>();

/** Keeps the `Date` header of a reply of AWS. */
export function observeDate(principal: Principal, header: string | undefined): void {
  const date = Date.parse(header ?? '') as WallMs;
  if (!Number.isNaN(date)) lastDates.set(principal, { date, at: systemClock.monotonicMs() });
}

/**
 * The time at AWS, to the second, as the last reply to the principal said; the machine's before the first reply. The
 * machine's clock may be wrong, and that of a simulator may be set.
 */
export function awsTime(principal: Principal): WallMs {
  const last = lastDates.get(principal);
  return last === undefined ? systemClock.wallMs() : later(last.date, systemClock.monotonicMs() - last.at);
}
