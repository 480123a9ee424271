import { duration } from '../../data/time.ts';

/** "82 s", "56 min". */
export const short = (ms: number): string => (ms < 120_000 ? `${Math.floor(ms / 1_000)} s` : duration(ms));

/** How long ago a time is. */
export const ago = (time: string, now: Date): string => {
  const ms = now.getTime() - Date.parse(time);
  return ms < 1_000 ? 'now' : `${short(ms)} ago`;
};
