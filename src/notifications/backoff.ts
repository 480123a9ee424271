export interface RetryDelays {
  readonly minDelayMs: number;
  readonly maxDelayMs: number;
}

/** The delay after this number of failures in a row, with jitter: half of it or more. */
export function delayAfter(failures: number, { minDelayMs, maxDelayMs }: RetryDelays, random: () => number): number {
  const delay = Math.min(maxDelayMs, minDelayMs * 2 ** Math.min(failures - 1, 30));
  return delay * (0.5 + random() / 2);
}
