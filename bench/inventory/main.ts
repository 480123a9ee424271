// Measures the copy of an organization, as docs/inventory.md shows.
//
//   npm run bench:inventory [-- --accounts 10000 --only sweep,answers --share 0.3]
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureAnswers } from './answer-rows.ts';
import { measureHistory } from './history-rows.ts';
import { askAll, measureDelay, measureHints, measureInteractive, measureMemory, prepareAll } from './other-rows.ts';
import { measurePreviews } from './preview-rows.ts';
import { queriesWith } from './queries.ts';
import { measureRestart } from './restart-row.ts';
import { note, printRows, type Row } from './row.ts';
import { RATE_FACTOR } from './settings.ts';
import { Gateway, World } from './subject.ts';
import { measureSubscribers } from './subscriber-rows.ts';
import { measureSweep } from './sweep-rows.ts';

/** These need the copy of a simulated organization, which is swept first. */
const partsOfCopy = ['answers', 'memory', 'delay', 'interactive', 'hints', 'restart', 'large'] as const;
const parts = [...partsOfCopy, 'history', 'preview', 'subscribers'] as const;

const { values } = parseArgs({
  options: {
    accounts: { type: 'string', default: '10000' },
    policies: { type: 'string', default: '500' },
    /** The share of each rate that the sweep may use, 0 to 1. */
    share: { type: 'string', default: '0.3' },
    /** Some of `parts`, with commas. */
    only: { type: 'string', default: parts.join() },
    /** The number of changes of a long history. */
    changes: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '25' },
    /** The duration of each of four phases of interactive queries, in seconds. */
    seconds: { type: 'string', default: '15' },
    /** Measures today's live answers, too. */
    live: { type: 'boolean', default: false },
  },
});
const [accounts, policies, rounds, share] = [values.accounts, values.policies, values.rounds, values.share].map(
  Number,
) as [number, number, number, number];
const isWanted = (part: (typeof parts)[number]): boolean => values.only.split(',').includes(part);

/** Sweeps an organization that is larger than AWS's usual quota. */
async function measureLargeSweep(): Promise<Row> {
  const size = { accounts: 5 * accounts, policies };
  note(`sweeping ${size.accounts} accounts`);
  await using world = new World();
  await world.start(size);
  await using gateway = new Gateway();
  await gateway.start({ simulator: world.url, share, isWarm: true });
  await gateway.keep();
  // Awaited here, as both processes end when the function returns.
  return await measureDelay(gateway, `sweeping ${size.accounts} accounts`, () => gateway.swept());
}

async function measureAll(store: string): Promise<readonly Row[]> {
  const rows: Row[] = [];
  await using world = new World();
  await world.start({ accounts, policies });
  const options = { simulator: world.url, store, share, isWarm: true };
  const gateway = new Gateway();
  await gateway.start(options);
  const queries = queriesWith({ accounts: await world.accountIds(), ...(await world.queryIds()) });
  await prepareAll(gateway, queries);
  await world.resetCounts();
  await gateway.keep();
  note('first sweep');
  rows.push(...(await measureSweep(world, gateway, share)));
  await askAll(gateway, queries, 1);
  if (isWanted('memory')) rows.push(await measureMemory(gateway, accounts));
  if (isWanted('delay')) {
    await askAll(gateway, queries.slice(1), 20);
    rows.push(await measureDelay(gateway, 'answering up to 1,000 nodes', () => askAll(gateway, queries.slice(1), 20)));
  }
  if (isWanted('hints')) rows.push(await measureHints(world, gateway, 10));
  if (isWanted('interactive')) rows.push(await measureInteractive(world, gateway, Number(values.seconds)));
  if (isWanted('answers')) rows.push(...(await measureAnswers(gateway, { queries, rounds, isLive: values.live })));
  if (Number(await gateway.part.ask('faults')) > 0) throw new Error('The watcher has reported an internal fault.');
  await gateway.close();
  if (isWanted('restart')) rows.push(await measureRestart({ ...options, isWarm: false }, 5));
  return rows;
}

note(`${accounts} accounts, ${policies} policies; AWS's rates × ${RATE_FACTOR} on both sides; share ${share}`);
const store = await mkdtemp(join(tmpdir(), 'orgql-bench-'));
try {
  const rows: Row[] = [];
  if (partsOfCopy.some(isWanted)) rows.push(...(await measureAll(store)));
  if (isWanted('large')) rows.push(await measureLargeSweep());
  if (isWanted('subscribers')) rows.push(...(await measureSubscribers(share)));
  if (isWanted('preview')) rows.push(...(await measurePreviews(accounts, policies)));
  if (isWanted('history')) rows.push(...(await measureHistory(Number(values.changes))));
  printRows(rows);
} finally {
  await rm(store, { recursive: true, force: true });
}
