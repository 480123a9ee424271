import { createRequire } from 'node:module';
import type { ClassicLevel } from 'classic-level';
import { cpuMs } from './loop-delay.ts';
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
  const startedAt = cpuMs();
  for (const value of values) JSON.parse(value);
  return cpuMs() - startedAt;
}

const FIRST_QUERY = '{ organization { accounts(first: 20) { nodes { id name } } } }';

/** Restarts a gateway over the stored copy, and compares CPU times, which a busy machine does not change. */
export async function measureRestart(options: GatewayOptions, rounds: number): Promise<Row> {
  const folder = options.store ?? '';
  const restarts: number[] = [];
  const parses: number[] = [];
  const body = JSON.stringify({ query: FIRST_QUERY, extensions: fromCopy });
  for (let round = 0; round < rounds; round += 1) {
    const gateway = new Gateway();
    await gateway.start(options);
    await gateway.keep();
    const { ms, cpu } = (await gateway.part.ask('firstAnswer', { body })) as { ms: number; cpu: number };
    note(`restart: ${ms.toFixed(0)} ms, of these ${cpu.toFixed(0)} ms of CPU time`);
    restarts.push(cpu);
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
