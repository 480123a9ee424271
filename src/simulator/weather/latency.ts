import type { Latency } from './weather.ts';

/** The standard normal distribution's 99th percentile. */
const Z99 = 2.326;

/** @returns milliseconds */
export function sampleLatency(latency: Latency, random: () => number): number {
  if (typeof latency === 'number') return latency;
  if ('min' in latency) return latency.min + (latency.max - latency.min) * random();
  const { median, p99 } = latency;
  if (median <= 0 || p99 <= median) return Math.max(median, 0);
  // Log-normal: its logarithm is normal around the median's.
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return median * Math.exp((normal * Math.log(p99 / median)) / Z99);
}
