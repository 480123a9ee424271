import type { Redis } from 'ioredis';
import { encode } from '../watcher/codec.ts';
import type { Batch, JournalReader, LogOffset } from '../watcher/index.ts';
import type { PubSub } from './pub-sub.ts';
import { commit, type LogKeys, markRead, readAll, readSince, type Standing, writeBatch } from './stored-log.ts';

export interface LogReplicaOptions {
  readonly log: string;
  readonly keys: LogKeys;
  readonly keepEvents: number;
  readonly redis: Redis;
  readonly pubSub: PubSub;
  /** Called when a batch is refused: the lease is lost. */
  readonly onLost: () => void;
  /** Called when a batch cannot be added now. */
  readonly onAway: (error: unknown) => void;
}

/** A batch that is not stored yet. */
interface Pending<T> {
  readonly batch: Batch<T>;
  readonly term: string;
  readonly before: LogOffset;
}

type Outcome = 'stored' | 'unchanged' | 'lost';

/** Logs without a leader expire after this time, in ms. */
const TTL_MS = 7 * 86_400_000;

/** How much of the log in Redis the reader has received, and the batches that are still to be added to it. */
export class LogReplica<T> {
  readonly #reader: JournalReader<T>;
  readonly #options: LogReplicaOptions;
  /** The last that `#reader` has received; undefined when it is not known to be of this log. */
  #revision: number | undefined;
  #writer = '';
  #place: LogOffset | undefined;
  #queue: Pending<T>[] = [];
  #draining: Promise<void> | undefined;
  #failing = false;

  constructor(reader: JournalReader<T>, options: LogReplicaOptions) {
    this.#reader = reader;
    this.#options = options;
  }

  /** The last that the reader has received; 0 for none. */
  get revision(): number {
    return this.#revision ?? 0;
  }

  /** Whether the last attempt to add to it failed. */
  get failing(): boolean {
    return this.#failing;
  }

  /** From now on this term adds to the log. Drops the batches of others. */
  begin(term: string): void {
    this.#place = undefined;
    this.#queue = this.#queue.filter((pending) => pending.term === term);
  }

  /** Drops the batches that are not stored. */
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
   * Passes on what was added since, or, when that is no longer stored, all there is. Returns whether the log has become shorter, and so has lost
   * events that the reader received. Rejects when Redis is unreachable.
   */
  async catchUp(standing: Standing): Promise<boolean> {
    await this.#draining;
    const known = this.revision;
    await this.#passOn(standing);
    // It may also have become shorter since.
    return Math.min(standing.revision, this.revision) < known;
  }

  async #passOn({ revision, writer }: Standing): Promise<void> {
    const known = this.#revision;
    if (known === revision && this.#writer === writer) return;
    const { redis, keys } = this.#options;
    if (revision === 0) {
      // Redis holds nothing (yet, or any more): this process knows best, and the first batch of the leader holds all objects.
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

  /** Adds the batches, and passes them on. Never rejects: what is left is for the next call. */
  drain(): Promise<void> {
    this.#draining ??= this.#storeAll().finally(() => {
      this.#draining = undefined;
    });
    return this.#draining;
  }

  async #storeAll(): Promise<void> {
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      let outcome: Outcome;
      try {
        outcome = await this.#store(next);
        this.#failing = false;
      } catch (error) {
        this.#failing = true;
        this.#options.onAway(error);
        return;
      }
      // The lease was lost meanwhile; if the batch was stored nevertheless, it comes back from the log.
      if (this.#queue[0] !== next) continue;
      if (outcome === 'lost') {
        this.#options.onLost();
        return;
      }
      if (outcome === 'stored') {
        this.#revision = this.revision + 1;
        this.#writer = next.term;
      }
      this.#queue.shift();
      this.#reader.committed(next.batch);
    }
  }

  async #store({ batch, term, before }: Pending<T>): Promise<Outcome> {
    const { redis, pubSub, keys, log, keepEvents } = this.#options;
    const { records, patch, read, at } = batch;
    const after = this.revision;
    const text = pubSub.encode({ kind: 'look', log });
    // The first batch is stored even when it is empty: from then on it is known that there are no objects.
    if (records.length === 0 && patch.size === 0 && after > 0) {
      if (read === undefined) return 'unchanged';
      return (await markRead(redis, keys, { term, after, readAt: at, ttlMs: TTL_MS, channel: pubSub.channel, text }))
        ? 'unchanged'
        : 'lost';
    }
    const all = after === 0 ? new Map([...(this.#reader.objects ?? []), ...patch]) : patch;
    const stored = await commit(redis, keys, {
      term,
      after,
      batch: writeBatch(term, before, batch),
      objects: Array.from(all, ([id, sighted]) => [id, sighted === undefined ? '' : encode(sighted)] as const),
      // One more than are replayed, so that the place before the oldest is known.
      keepBatches: keepEvents + 1,
      ttlMs: TTL_MS,
      readAt: read === undefined ? undefined : at,
      channel: pubSub.channel,
      text,
    });
    return stored ? 'stored' : 'lost';
  }
}
