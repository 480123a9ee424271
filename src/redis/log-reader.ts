import type { Redis } from 'ioredis';
import type { WallMs } from '../upstream/index.ts';
import { decode } from '../watcher/codec.ts';
import type { LogOffset, LogRecord, LogSnapshot, ObservedObject } from '../watcher/index.ts';
import { offsetOf } from '../watcher/log-offset.ts';
import { TimeSlice } from '../watcher/time-slice.ts';
import { BatchAssembler, type StoredBatch } from './batch-parts.ts';
import { type LogKeys, readHead } from './stored-log.ts';

/** The number of parts of batches per reply. Each has up to 256 KB, and one large reply would block the event loop. */
const PARTS_PER_PAGE = 4;
const EVENTS_PER_PAGE = 200;
const OBJECTS_PER_PAGE = 500;
/** The maximum number of times that a log is read before its leader adds too much meanwhile. */
const MAX_ATTEMPTS = 3;

type Entry = readonly [id: string, fields: readonly string[]];

/** Iterates over the entries of a stream from `from` to `to`. Requests a page while the last one is processed. */
async function* entries(redis: Redis, stream: string, from: string, to: string, size: number): AsyncIterable<Entry> {
  const read = (start: string): Promise<Entry[]> => redis.xrange(stream, start, to, 'COUNT', size);
  let next: Promise<Entry[]> | undefined = read(from);
  while (next !== undefined) {
    const page: Entry[] = await next;
    const last = page.length === size ? page.at(-1) : undefined;
    next = last && read(`(${last[0]}`);
    // It is awaited after this page, and must not count as unhandled until then.
    next?.catch(() => undefined);
    yield* page;
  }
}

const numberOf = (id: string): number => Number(id.split('-')[0]);

/**
 * Reads the batches after the one with this revision and writer, up to a revision. Undefined when they are no longer
 * stored, or the log is another one.
 */
export async function readSince<T>(
  redis: Redis,
  { batches }: LogKeys,
  known: { readonly revision: number; readonly writer: string },
  upTo: number,
): Promise<StoredBatch<T>[] | undefined> {
  const added: StoredBatch<T>[] = [];
  const assembler = new BatchAssembler<T>(new TimeSlice());
  let isFirst = true;
  for await (const [id, fields] of entries(redis, batches, `${known.revision}-0`, `${upTo}-0`, PARTS_PER_PAGE)) {
    const number = numberOf(id);
    if (isFirst) {
      isFirst = false;
      const { writer } = decode(fields[1] ?? '{}') as { readonly writer?: string };
      if (number !== known.revision || writer !== known.writer) return undefined;
      continue;
    }
    const stored = await assembler.add(number, fields);
    if (stored !== undefined) added.push(stored);
  }
  return (added.at(-1)?.revision ?? known.revision) === upTo && !isFirst ? added : undefined;
}

export interface StoredLog<T> {
  readonly revision: number;
  readonly writer: string;
  readonly snapshot: LogSnapshot<T>;
}

/**
 * Reads a consistent snapshot of a log, while its leader adds to it: first all objects and events a page at a time, and
 * then the batches that were added meanwhile. Rejects when the log changes too quickly; the next heartbeat retries.
 * `base`: the start of an empty log.
 */
export async function readAll<T>(redis: Redis, keys: LogKeys, base: LogOffset): Promise<StoredLog<T>> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const log = await tryReadAll<T>(redis, keys, base);
    if (log !== undefined) return log;
  }
  throw new Error('A log in Redis changes too quickly to be read, or Redis has lost a part of it.');
}

async function tryReadAll<T>(redis: Redis, keys: LogKeys, start: LogOffset): Promise<StoredLog<T> | undefined> {
  const slice = new TimeSlice();
  const first = await readHead(redis, keys);
  const applied = Number(first.get('applied') ?? 0);
  const objects = await readObjects<T>(redis, keys, slice);
  const base = first.get('base');
  const history = new History<T>(base === undefined ? start : (JSON.parse(base) as LogOffset));
  for await (const [, [, text = '']] of entries(redis, keys.events, '-', String(applied), EVENTS_PER_PAGE)) {
    history.add(decode(text) as LogRecord<T>);
    if (slice.isOver) await slice.next();
  }
  const head = await readHead(redis, keys);
  const revision = Number(head.get('revision') ?? 0);
  if (head.get('created') !== first.get('created') || revision < applied) return undefined;
  const assembler = new BatchAssembler<T>(slice);
  let expected = applied + 1;
  let last = applied;
  for await (const [id, fields] of entries(redis, keys.batches, `${expected}-0`, `${revision}-0`, PARTS_PER_PAGE)) {
    if (numberOf(id) !== expected) return undefined;
    expected += 1;
    const stored = await assembler.add(numberOf(id), fields);
    if (stored === undefined) continue;
    last = stored.revision;
    for (const record of stored.batch.records) history.add(record);
    for (const [object, observed] of stored.batch.patch) {
      if (observed === undefined) objects.delete(object);
      else objects.set(object, observed);
      if (slice.isOver) await slice.next();
    }
  }
  if (last !== revision) return undefined;
  const asOf = head.get('asOf');
  const snapshot = {
    ...history.snapshot(),
    ...(head.get('complete') === '1' ? { objects } : { objects: undefined, partial: objects }),
    progress: head.get('progress'),
    asOf: asOf === undefined ? undefined : (Number(asOf) as WallMs),
  };
  return { revision, writer: head.get('writer') ?? '', snapshot };
}

/** Reads all objects. Those that change meanwhile have one of their versions, or are missing. */
async function readObjects<T>(redis: Redis, keys: LogKeys, slice: TimeSlice): Promise<Map<string, ObservedObject<T>>> {
  const objects = new Map<string, ObservedObject<T>>();
  const read = (from: string) => redis.hscan(keys.objects, from, 'COUNT', OBJECTS_PER_PAGE);
  let next: ReturnType<typeof read> | undefined = read('0');
  while (next !== undefined) {
    const [cursor, fields]: [string, string[]] = await next;
    next = cursor === '0' ? undefined : read(cursor);
    next?.catch(() => undefined);
    for (let index = 0; index < fields.length; index += 2) {
      objects.set(fields[index] ?? '', decode(fields[index + 1] ?? '') as ObservedObject<T>);
      if (slice.isOver) await slice.next();
    }
  }
  return objects;
}

/** The records of a log. Redis may have deleted the oldest, also while they are read. */
class History<T> {
  #base: LogOffset;
  #records: LogRecord<T>[] = [];

  constructor(base: LogOffset) {
    this.#base = base;
  }

  add(record: LogRecord<T>): void {
    const before = this.#records.at(-1) ?? this.#base;
    if (record.sequence === before.sequence + 1) {
      this.#records.push(record);
      return;
    }
    // The offset before this record is not known, so the log begins after it.
    this.#records = [];
    this.#base = offsetOf(record);
  }

  snapshot(): { readonly base: LogOffset; readonly records: readonly LogRecord<T>[] } {
    return { base: this.#base, records: this.#records };
  }
}
