import { Part } from '../watch/process.ts';

export interface Objects {
  readonly count: number;
  /** Of one account, in bytes. */
  readonly cache: number;
  readonly map: number;
  readonly json: number;
}

/** What one account takes in the gateway's memory of reads, in a plain Map, and as JSON. */
export async function measureObjects(accounts: number): Promise<Objects> {
  await using world = new Part('../footprint/world-process.js');
  const url = await world.ask('start', accounts);
  const grown = async (fill: 'fillCache' | 'fillMap') => {
    await using process = new Part('../footprint/cache-process.js');
    // What the first reads make that stays, whatever their number: the client, its connections, compiled code.
    await process.ask('warm', url);
    const before = Number(await process.ask('alive'));
    const answer = Number(await process.ask(fill, url));
    return { bytes: Number(await process.ask('alive')) - before, answer };
  };
  const cache = await grown('fillCache');
  const map = await grown('fillMap');
  const count = cache.answer;
  return { count, cache: cache.bytes / count, map: map.bytes / count, json: map.answer / count };
}
