import { createRequire } from 'node:module';
import type { ClassicLevel } from 'classic-level';
import { atMost, note, type Row } from './row.ts';
import type { GatewayOptions } from './settings.ts';
import { medianOf } from './statistics.ts';
import { fromCopy, Gateway } from './subject.ts';

/** All values of the store. */
async function readStored(folder: string): Promise<readonly string[]> {
  const { ClassicLevel: Level } = createRequire(import.meta.url)('classic-level') as {
    ClassicLevel: typeof ClassicLevel;
  };
  const store = new Level<string, string>(folder);
  const values = await store.values().all();
  await store.close();
  return values.filter((value) => value.startsWith('{') || value.startsWith('['));
}

function parseAll(values: readonly string[]): number {
  const startedAt = performance.now();
  for (const value of values) JSON.parse(value);
  return performance.now() - startedAt;
}

/** Restarts a gateway over the stored copy. `document`: needs all lists. */
export async function measureRestart(options: GatewayOptions, document: string, rounds: number): Promise<Row> {
  const folder = options.store ?? '';
  const restarts: number[] = [];
  const parses: number[] = [];
  const body = JSON.stringify({ query: document, extensions: fromCopy });
  for (let round = 0; round < rounds; round += 1) {
    const gateway = new Gateway();
    await gateway.start(options);
    restarts.push(Number(await gateway.part.ask('firstAnswer', { body })));
    await gateway.close();
    parses.push(parseAll(await readStored(folder)));
  }
  note(`restarts: ${restarts.map(Math.round).join(', ')} ms; JSON.parse: ${parses.map(Math.round).join(', ')} ms`);
  const remark = ` (${medianOf(restarts).toFixed(0)} ms and ${medianOf(parses).toFixed(0)} ms)`;
  return atMost(
    'restart to first answer ÷ JSON.parse of the stored entries',
    medianOf(restarts) / medianOf(parses),
    1.5,
    '',
    2,
    remark,
  );
}
