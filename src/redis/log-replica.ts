import type { Redis } from 'ioredis';
import { encode } from '../watcher/codec.ts';
import type { Batch, JournalReader, LogOffset } from '../watcher/index.ts';
import type { PubSub } from './pub-sub.ts';
import { commit, encodeBatch, type LogKeys, type LogStatus, markRead, readAll, readSince } from './stored-log.ts';

export interface LogReplicaOptions {
  readonly log: string;
  readonly keys: LogKeys;
  readonly keepEvents: number;
  readonly redis: Redis;
  readonly pubSub: PubSub;
  /** Called when Redis rejects a batch because the lease is lost. */
  readonly onLost: () => void;
  /** Called when a batch cannot be stored now. */
  readonly onUnreachable: (error: unknown) => void;
}

interface PendingBatch<T> {
  readonly batch: Batch<T>;
  readonly term: string;
  readonly before: LogOffset;
}

type StoreOutcome = 'stored' | 'unchanged' | 'lost';

/** Logs without a leader expire after this time, in ms. */
const TTL_MS = 7 * 86_400_000;

/** Keeps the reader up to date with the log in Redis, and stores this process's batches in it. */
export class LogReplica<T> {
  readonly #reader: JournalReader<T>;
  readonly #options: LogReplicaOptions;
  /** The last revision that `#reader` has received; undefined when `#reader` has received none of this log. */
  #revision: number | undefined;
  #writer = '';
  #lastOffset: LogOffset | undefined;
  #queue: PendingBatch<T>[] = [];
  #draining: Promise<void> | undefined;
  #isFailing = false;

  constructor(reader: JournalReader<T>, options: LogReplicaOptions) {
    this.#reader = reader;
    this.#options = options;
  }

  /** The last revision that the reader has received; 0 for none. */
  get revision(): number {
    return this.#revision ?? 0;
  }

  /** Whether the last attempt to store a batch failed. */
  get isFailing(): boolean {
    return this.#isFailing;
  }

  /** Makes this term the writer of the log, and drops the batches of other terms. */
  startTerm(term: string): void {
    this.#lastOffset = undefined;
    this.#queue = this.#queue.filter((pending) => pending.term === term);
  }

  /** Drops the batches that are not stored yet. */
  clear(): void {
    this.#queue = [];
    this.#isFailing = false;
  }

  add(batch: Batch<T>, term: string): void {
    const before = this.#lastOffset ?? this.#reader.last;
    this.#lastOffset = batch.records.at(-1) ?? before;
    this.#queue.push({ batch, term, before });
  }

  /**
   * Passes new batches to the reader, or the whole log if they are no longer stored. Returns whether the log has become
   * shorter, and so has lost events that the reader received. Rejects when Redis is unreachable.
   */
  async catchUp(status: LogStatus): Promise<boolean> {
    await this.#draining;
    const known = this.revision;
    await this.#applyNew(status);
    // The log may also have become shorter after `status` was read.
    return Math.min(status.revision, this.revision) < known;
  }

  async #applyNew({ revision, writer }: LogStatus): Promise<void> {
    const known = this.#revision;
    if (known === revision && this.#writer === writer) return;
    const { redis, keys } = this.#options;
    if (revision === 0) {
      // Redis holds no log (yet, or any more). The leader's first batch stores all objects.
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
          this.#reader.onCommitted(batch);
        }
        return;
      }
    }
    const all = await readAll<T>(redis, keys, this.#reader.last);
    this.#revision = all.revision;
    this.#writer = all.writer;
    this.#reader.onRestored(all.snapshot);
  }

  /** Stores the batches, and passes them to the reader. Never rejects: the next call retries. */
  drain(): Promise<void> {
    this.#draining ??= this.#storeAll().finally(() => {
      this.#draining = undefined;
    });
    return this.#draining;
  }

  async #storeAll(): Promise<void> {
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      let outcome: StoreOutcome;
      try {
        outcome = await this.#store(next);
        this.#isFailing = false;
      } catch (error) {
        this.#isFailing = true;
        this.#options.onUnreachable(error);
        return;
      }
      // The lease was lost meanwhile. If the batch was stored nevertheless, `catchUp` finds it in the log.
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
      this.#reader.onCommitted(next.batch);
    }
  }

  async #store({ batch, term, before }: PendingBatch<T>): Promise<StoreOutcome> {
    const { redis, pubSub, keys, log, keepEvents } = this.#options;
    const { records, patch, read, at } = batch;
    const after = this.revision;
    const text = pubSub.encode({ kind: 'logChanged', log });
    // The first batch is stored even if it is empty, because it records that there are no objects.
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
      batch: encodeBatch(term, before, batch),
      objects: Array.from(all, ([id, observed]) => [id, observed === undefined ? '' : encode(observed)] as const),
      // One more than are replayed, so that the offset before the oldest is known.
      keepBatches: keepEvents + 1,
      ttlMs: TTL_MS,
      readAt: read === undefined ? undefined : at,
      channel: pubSub.channel,
      text,
    });
    return stored ? 'stored' : 'lost';
  }
}
