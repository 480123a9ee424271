import type { Redis } from 'ioredis';
import type { WallMs } from '../upstream/index.ts';
import { decode, encode } from '../watcher/codec.ts';
import type { Batch, LogOffset, LogRecord, LogSnapshot, ObservedObject } from '../watcher/index.ts';
import type { LogKeys } from './scripts.ts';

/** A batch as an entry of the stream. */
export interface StoredBatch<T> {
  readonly revision: number;
  readonly writer: string;
  /** The place before its records. */
  readonly before: LogOffset;
  readonly batch: Batch<T>;
}

interface Written<T> {
  readonly writer: string;
  readonly before: LogOffset;
  readonly records: readonly LogRecord<T>[];
  readonly patch: readonly (readonly [string, ObservedObject<T> | null])[];
  readonly read: boolean;
  readonly at: WallMs;
}

export const writeBatch = <T>(writer: string, before: LogOffset, { records, patch, read, at }: Batch<T>): string =>
  encode({
    writer,
    before: { epoch: before.epoch, sequence: before.sequence },
    records,
    patch: Array.from(patch, ([id, sighted]) => [id, sighted ?? null] as const),
    read: read !== undefined,
    at,
  } satisfies Written<T>);

function readEntry<T>([id, [, text = '']]: readonly [string, readonly string[]]): StoredBatch<T> {
  const { writer, before, records, patch, read, at } = decode(text) as Written<T>;
  const known = new Map(patch.map(([object, sighted]) => [object, sighted ?? undefined]));
  const batch = { records, patch: known, read: read ? 0 : undefined, at };
  return { revision: Number(id.split('-')[0]), writer, before, batch };
}

/** Batches in one answer of Redis. A log may have tens of megabytes: each answer has to be there in time, and other work goes on in between. */
const pageSize = 500;

async function readEntries<T>(redis: Redis, { stream }: LogKeys, from: string, to: string): Promise<StoredBatch<T>[]> {
  const all: StoredBatch<T>[] = [];
  for (let start = from; ; ) {
    const page = await redis.xrange(stream, start, to, 'COUNT', pageSize);
    for (const entry of page) all.push(readEntry<T>(entry));
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return all;
    start = `(${last[0]}`;
  }
}

/** The batches from a revision on, that one included, as far as they are kept. */
export const readSince = <T>(redis: Redis, keys: LogKeys, revision: number): Promise<StoredBatch<T>[]> =>
  readEntries<T>(redis, keys, `${revision}-0`, '+');

export interface StoredLog<T> {
  readonly revision: number;
  readonly writer: string;
  readonly kept: LogSnapshot<T>;
}

/** Everything that is kept of a log, as of one moment. Rejects when a part of it has gone, as the next beat will see. `base`: where a log begins that holds nothing yet. */
export async function readAll<T>(redis: Redis, keys: LogKeys, base: LogOffset): Promise<StoredLog<T>> {
  const replies = await redis.multi().hgetall(keys.head).hgetall(keys.objects).exec();
  const [head, objects] = (replies ?? []).map(([error, reply]) => {
    if (error) throw error;
    return reply;
  }) as [Record<string, string>, Record<string, string>];
  const revision = Number(head['revision'] ?? 0);
  const writer = head['writer'] ?? '';
  const batches = await readEntries<T>(redis, keys, '-', `${revision}-0`);
  if (revision > 0) {
    const last = batches.at(-1);
    if (last?.revision !== revision || last.writer !== writer || Number(head['count']) !== Object.keys(objects).length)
      throw new Error('Redis has dropped a part of what is kept there.');
  }
  const sighted = Object.entries(objects).map(([id, text]) => [id, decode(text) as ObservedObject<T>] as const);
  return {
    revision,
    writer,
    kept: {
      base: batches[0]?.before ?? base,
      records: batches.flatMap(({ batch }) => batch.records),
      objects: head['complete'] === '1' ? new Map(sighted) : undefined,
    },
  };
}
