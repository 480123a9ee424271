import { operations } from '../../src/upstream/operations.ts';
import { atMost, note, type Row } from './row.ts';
import { RATE_FACTOR } from './settings.ts';
import type { Gateway, World } from './subject.ts';

/** The time that calls take which are sent as often as the share of the rate allows, in ms. */
const leastMs = (calls: Readonly<Record<string, number>>, share: number): number =>
  Math.max(
    ...Object.entries(calls).map(([operation, count]) => {
      const { rate } = operations[operation as keyof typeof operations].limit;
      return ((count - 1) * 1000) / (rate * RATE_FACTOR * share);
    }),
  );

const sumOf = (calls: Readonly<Record<string, number>>): number =>
  Object.values(calls).reduce((sum, count) => sum + count, 0);

/** Compares the first sweep with the least possible. The lists of handshakes, transfers and creations are polled. */
export async function measureSweep(world: World, gateway: Gateway, share: number): Promise<readonly Row[]> {
  const ms = await gateway.swept();
  const { byOperation, throttled } = await world.counted();
  const least = await world.least();
  for (const [operation, count] of Object.entries(byOperation))
    if (count !== least[operation]) note(`${operation}: ${count} calls, least ${least[operation] ?? 0}`);
  const made = Object.fromEntries(Object.keys(least).map((operation) => [operation, byOperation[operation] ?? 0]));
  const expectedMs = leastMs(least, share);
  return [
    atMost(
      'first sweep: calls ÷ least',
      sumOf(byOperation) / sumOf(least),
      1,
      '',
      4,
      ` (${sumOf(made)} calls, ${throttled} throttled)`,
    ),
    atMost('first sweep: time ÷ what the rates allow', ms / expectedMs, 1.05, '', 3, ` (${(ms / 1000).toFixed(1)} s)`),
  ];
}
