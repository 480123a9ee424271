import type { Redis } from 'ioredis';
import { encode } from '../watcher/codec.ts';
import type { Batch, JournalReader, LogOffset } from '../watcher/index.ts';
import type { Bell } from './bell.ts';
import { commit, type LogKeys, markRead, type Standing } from './scripts.ts';
import { readAll, readSince, writeBatch } from './stored-log.ts';

export interface LogCopyOptions {
  readonly log: string;
  readonly keys: LogKeys;
  readonly keepEvents: number;
  readonly redis: Redis;
  readonly bell: Bell;
  /** Told when what is to be added is refused: the lease is lost. */
  readonly onLost: () => void;
  /** Told when it cannot be added now. */
  readonly onAway: (error: unknown) => void;
}

/** A batch that waits to be kept. */
interface Pending<T> {
  readonly batch: Batch<T>;
  readonly term: string;
  readonly before: LogOffset;
}

type Outcome = 'kept' | 'nothing' | 'lost';

/** Logs that nobody watches go from Redis after this long, in ms. */
const ttlMs = 7 * 86_400_000;

/** How far the reader has been told of the log in Redis, and what is still to be added to it. */
export class LogCopy<T> {
  readonly #reader: JournalReader<T>;
  readonly #options: LogCopyOptions;
  /** What `#reader` has been told; undefined when it is not known to be of this log. */
  #revision: number | undefined;
  #writer = '';
  #place: LogOffset | undefined;
  #queue: Pending<T>[] = [];
  #draining: Promise<void> | undefined;
  #failing = false;

  constructor(reader: JournalReader<T>, options: LogCopyOptions) {
    this.#reader = reader;
    this.#options = options;
  }

  /** What was told last; 0 for nothing. */
  get revision(): number {
    return this.#revision ?? 0;
  }

  /** Whether the last attempt to add to it failed. */
  get failing(): boolean {
    return this.#failing;
  }

  /** From now on this term adds to the log; what others were still to add is dropped. */
  begin(term: string): void {
    this.#place = undefined;
    this.#queue = this.#queue.filter((pending) => pending.term === term);
  }

  /** Drops what is still to be added. */
  clear(): void {
    this.#queue = [];
    this.#failing = false;
  }

  add(batch: Batch<T>, term: string): void {
    const before = this.#place ?? this.#reader.last;
    this.#place = batch.records.at(-1) ?? before;
    this.#queue.push({ batch, term, before });
  }

  /**
   * Tells what was added since, or, when that cannot be told from what is kept, all there is. True when the log has become shorter: it has lost
   * some of what was told. Rejects when Redis is away.
   */
  async catchUp(standing: Standing): Promise<boolean> {
    await this.#draining;
    const known = this.revision;
    await this.#tellFrom(standing);
    // It may also have become so since it was said how it stands.
    return Math.min(standing.revision, this.revision) < known;
  }

  async #tellFrom({ revision, writer }: Standing): Promise<void> {
    const known = this.#revision;
    if (known === revision && this.#writer === writer) return;
    const { redis, keys } = this.#options;
    if (revision === 0) {
      // Redis holds nothing (yet, or any more): what is known here is the truth, and the first batch of whoever leads holds all of it.
      this.#revision = 0;
      this.#writer = '';
      return;
    }
    if (known !== undefined && known > 0 && known < revision) {
      const [mine, ...added] = await readSince<T>(redis, keys, known);
      if (mine?.revision === known && mine.writer === this.#writer) {
        for (const { revision: next, writer: by, batch } of added) {
          this.#revision = next;
          this.#writer = by;
          this.#reader.committed(batch);
        }
        return;
      }
    }
    const all = await readAll<T>(redis, keys, this.#reader.last);
    this.#revision = all.revision;
    this.#writer = all.writer;
    this.#reader.restored(all.kept);
  }

  /** Adds what is to be added, and tells it. Never rejects: what is left is for the next call. */
  drain(): Promise<void> {
    this.#draining ??= this.#keepAll().finally(() => {
      this.#draining = undefined;
    });
    return this.#draining;
  }

  async #keepAll(): Promise<void> {
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      let outcome: Outcome;
      try {
        outcome = await this.#keep(next);
        this.#failing = false;
      } catch (error) {
        this.#failing = true;
        this.#options.onAway(error);
        return;
      }
      // The lease was lost meanwhile; what was kept nevertheless comes back from the log.
      if (this.#queue[0] !== next) continue;
      if (outcome === 'lost') {
        this.#options.onLost();
        return;
      }
      if (outcome === 'kept') {
        this.#revision = this.revision + 1;
        this.#writer = next.term;
      }
      this.#queue.shift();
      this.#reader.committed(next.batch);
    }
  }

  async #keep({ batch, term, before }: Pending<T>): Promise<Outcome> {
    const { redis, bell, keys, log, keepEvents } = this.#options;
    const { records, patch, read, at } = batch;
    const after = this.revision;
    const text = bell.text({ kind: 'look', log });
    // The first batch is kept even when it shows nothing: from then on it is known that nothing is there.
    if (records.length === 0 && patch.size === 0 && after > 0) {
      if (read === undefined) return 'nothing';
      return (await markRead(redis, keys, { term, after, readAt: at, ttlMs, bell: bell.channel, text }))
        ? 'nothing'
        : 'lost';
    }
    const all = after === 0 ? new Map([...(this.#reader.objects ?? []), ...patch]) : patch;
    const kept = await commit(redis, keys, {
      term,
      after,
      batch: writeBatch(term, before, batch),
      objects: Array.from(all, ([id, sighted]) => [id, sighted === undefined ? '' : encode(sighted)] as const),
      // One more than are replayed, so that the place before the oldest is known.
      keepBatches: keepEvents + 1,
      ttlMs,
      readAt: read === undefined ? undefined : at,
      bell: bell.channel,
      text,
    });
    return kept ? 'kept' : 'lost';
  }
}
