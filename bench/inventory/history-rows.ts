import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClassicLevel } from 'classic-level';
import type { Redis } from 'ioredis';
import { readHistory } from '../../src/inventory/history.ts';
import type { HistoryFilter } from '../../src/inventory/types.ts';
import { historyName, RedisHistory } from '../../src/redis/redis-history.ts';
import type { WallMs } from '../../src/upstream/index.ts';
import { sortableId, sortableTime } from '../../src/watcher/history/entry-ids.ts';
import {
  dayMs,
  type HistoryChange,
  type HistoryReader,
  type HistoryStore,
  maxBatchChanges,
} from '../../src/watcher/history/history-types.ts';
import { LevelHistory } from '../../src/watcher/history/level-history.ts';
import { RedisServer } from '../../test/redis/redis-server.ts';
import { atMost, note, type Row } from './row.ts';
import { medianOf } from './statistics.ts';

const CHANGES_PER_OBJECT = 100;
const PAGE = 50;
const ROUNDS = 300;
/** A day stores no more than 100,000 changes. */
const DAYS = 20;
const start = Date.UTC(2026, 0, 1);

const load = createRequire(import.meta.url);

const objectOf = (number: number, changes: number): string =>
  String(100_000_000_000 + ((number * 7919) % (changes / CHANGES_PER_OBJECT)));

function changeOf(number: number, changes: number): HistoryChange {
  const at = (start + Math.floor((number * DAYS * dayMs) / changes)) as WallMs;
  return {
    at,
    kind: 'CHANGED',
    type: 'ACCOUNT',
    objectId: objectOf(number, changes),
    objectName: `account ${number}`,
    members: [{ name: 'parent', before: `ou-root-${number % 97}aaaaaaa`, after: `ou-root-${number % 89}bbbbbbb` }],
    source: 'GATEWAY',
    caller: 'operator',
    requestId: '0a1b2c3d-4e5f-6789-abcd-ef0123456789',
  };
}

async function fill(store: HistoryStore, changes: number): Promise<void> {
  let before: { readonly epoch: string; readonly sequence: number } | undefined;
  for (let number = 0; number < changes; number += maxBatchChanges) {
    const length = Math.min(maxBatchChanges, changes - number);
    const batch = Array.from({ length }, (_, index) => changeOf(number + index, changes));
    const after = { epoch: 'bench', sequence: number + length };
    if (!(await store.append({ list: 'accounts', before, after, changes: batch })))
      throw new Error('The history has rejected a batch.');
    before = after;
    if ((number / maxBatchChanges) % 1_000 === 0) note(`history: ${number} of ${changes} changes`);
  }
}

/** Measures two readings in turns. Returns the medians, in ms. */
async function inTurns(one: (round: number) => Promise<void>, other: (round: number) => Promise<void>) {
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, work] of [one, other].entries()) {
      const startedAt = performance.now();
      await work(round);
      times[index]?.push(performance.now() - startedAt);
    }
  }
  return times.map(medianOf) as [number, number];
}

const infoRow = (title: string, times: readonly [number, number]): Row => ({ ...ratioRow(title, times), goal: '' });

const ratioRow = (title: string, [page, raw]: readonly [number, number]): Row =>
  atMost(title, page / raw, 2, '', 2, ` (${page.toFixed(2)} ms and ${raw.toFixed(2)} ms)`);

/** A place in the history for a round, the same for both readings. */
const placeOf = (round: number): string => `${start + (((round * 7919) % 900) + 50) * ((DAYS * dayMs) / 1_000)}-0`;

async function readPage(reader: HistoryReader, filter: HistoryFilter, after: string | undefined): Promise<void> {
  const { entries } = await readHistory(reader, { filter, first: PAGE, after });
  if (entries.length !== PAGE) throw new Error(`A page has ${entries.length} changes.`);
}

/** Entries are JSON. */
function parseAll(values: readonly string[]): void {
  if (values.length !== PAGE) throw new Error(`The store has returned ${values.length} entries.`);
  for (const value of values) JSON.parse(value);
}

async function measureLevel(changes: number): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'orgql-bench-history-'));
  const { ClassicLevel: Level } = load('classic-level') as { ClassicLevel: typeof ClassicLevel };
  const level = new Level<string, string>(folder, { keyEncoding: 'utf8', valueEncoding: 'utf8' });
  try {
    await level.open();
    const store = new LevelHistory(level, 'bench', () => 0 as WallMs);
    await fill(store, changes);
    await level.compactRange('a', 'z');
    const rawPage = async (round: number) => {
      const lt = `bench!entry!${sortableId(placeOf(round))}`;
      const gte = `bench!entry!${sortableTime(0)}`;
      parseAll((await level.iterator({ gte, lt, reverse: true, limit: PAGE }).all()).map(([, value]) => value));
    };
    const page = (round: number) => readPage(store, {}, placeOf(round));
    const pageOfObject = (round: number) => readPage(store, { objectIds: [objectOf(round, changes)] }, undefined);
    await inTurns(page, rawPage);
    return [
      ratioRow(`history page of ${PAGE} of ${changes} changes ÷ ${PAGE} LevelDB entries`, await inTurns(page, rawPage)),
      infoRow(`the same, of one object ÷ ${PAGE} LevelDB entries`, await inTurns(pageOfObject, rawPage)),
    ];
  } finally {
    await level.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureRedis(changes: number): Promise<readonly Row[]> {
  const server = await RedisServer.start({ persistent: false }).catch((error: Error) => note(error.message));
  if (server === undefined) return [];
  const { Redis: Client } = load('ioredis') as { Redis: typeof Redis };
  const redis = new Client(server.url);
  try {
    const name = historyName('bench');
    const store = new RedisHistory(name, { redis, prefix: '', retentionMs: Number.POSITIVE_INFINITY });
    await fill(store, changes);
    const rawPage = async (round: number) => {
      const found = await redis.xrevrange(`{${name}}:entries`, `(${placeOf(round)}`, '-', 'COUNT', PAGE);
      parseAll(found.map(([, [, value = '']]) => value));
    };
    const page = (round: number) => readPage(store, {}, placeOf(round));
    const pageOfObject = (round: number) => readPage(store, { objectIds: [objectOf(round, changes)] }, undefined);
    await inTurns(page, rawPage);
    return [
      ratioRow(
        `history page of ${PAGE} of ${changes} changes ÷ ${PAGE} entries of a Redis Stream`,
        await inTurns(page, rawPage),
      ),
      infoRow(`the same, of one object ÷ ${PAGE} entries of a Redis Stream`, await inTurns(pageOfObject, rawPage)),
    ];
  } finally {
    redis.disconnect();
    await server[Symbol.asyncDispose]();
  }
}

/** Compares pages of a long history with reading as many entries of the same store. */
export const measureHistory = async (changes: number): Promise<readonly Row[]> => [
  ...(await measureLevel(changes)),
  ...(await measureRedis(changes)),
];
