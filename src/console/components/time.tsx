import { useMachineNow, useNow } from '../data/clock.ts';
import { ago, duration, localTime, utcDay, utcMoment, utcTime } from '../data/time.ts';

/** "1 Jul 2026 00:00 UTC", then the time in the reader's zone. */
export function Moment({ at }: { readonly at: string | null | undefined }) {
  const now = useNow();
  if (!at) return <span>–</span>;
  const date = new Date(at);
  return (
    <time dateTime={at}>
      {utcDay(date, now, { weekday: true })} {utcTime(date)} UTC <span className="muted">{localTime(date)} local</span>
    </time>
  );
}

/** "1 Jul 2026 00:00 UTC", with the time in the reader's zone as a title: where there is no room for both. */
export function ShortMoment({ at }: { readonly at: string | null | undefined }) {
  const now = useNow();
  if (!at) return <span>–</span>;
  const date = new Date(at);
  return (
    <time dateTime={at} title={`${localTime(date)} local`}>
      {utcDay(date, now)} {utcTime(date)} UTC
    </time>
  );
}

/** "30 Nov 00:00", in UTC. */
export function UtcMoment({ at }: { readonly at: string | null | undefined }) {
  const now = useNow();
  if (!at) return <span>–</span>;
  return <time dateTime={at}>{utcMoment(new Date(at), now)}</time>;
}

/** "1 Jul", in UTC. */
export function Day({ at }: { readonly at: string | null | undefined }) {
  const now = useNow();
  if (!at) return <span>–</span>;
  return <time dateTime={at}>{utcDay(new Date(at), now)}</time>;
}

/** "12 s ago", of a time by this machine's clock. */
export function Ago({ at }: { readonly at: Date }) {
  const now = useMachineNow(1_000);
  return <time dateTime={at.toISOString()}>{ago(at, now)}</time>;
}

const HOUR_MS = 3_600_000;

/** "24 h 22 min left". Counts minutes, and seconds in the last hour. */
export function TimeLeft({ until }: { readonly until: string }) {
  const now = useNow(Date.parse(until) - Date.now() < HOUR_MS ? 1_000 : 30_000);
  const left = Date.parse(until) - now.getTime();
  return <time dateTime={until}>{left <= 0 ? 'over' : `${duration(left)} left`}</time>;
}
