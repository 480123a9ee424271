import type { Redis } from 'ioredis';
import { type Batch, checkProgress, type JournalReader, type LogOffset, type LogState } from '../watcher/index.ts';
import { type Part, partsOf } from './batch-parts.ts';
import { readAll, readSince } from './log-reader.ts';
import type { PubSub } from './pub-sub.ts';
import { addPart, applyNext, type LogKeys, type LogStatus, markRead, type Outcome } from './stored-log.ts';

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
  /** The parts that are not stored yet; undefined before the first attempt. */
  parts?: Generator<Part, undefined>;
  /** The part that is being stored. */
  part?: Part | undefined;
}

const noState: LogState<never> = { objects: undefined };

/** Keeps the reader up to date with the log in Redis, and stores this process's batches in it. */
export class LogReplica<T> {
  readonly #reader: JournalReader<T>;
  readonly #options: LogReplicaOptions;
  /** The last revision that `#reader` has received; undefined when `#reader` has received none of this log. */
  #revision: number | undefined;
  #writer = '';
  /** The number of the last entry in Redis, which no other process changes while this process leads. */
  #tail = 0;
  /** The term in which a long batch was stored that is not applied yet. */
  #unappliedTerm: string | undefined;
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

  /** Throws a RangeError when its `progress` is too long. */
  add(batch: Batch<T>, term: string): void {
    checkProgress(batch);
    const before = this.#lastOffset ?? this.#reader.last;
    this.#lastOffset = batch.records.at(-1) ?? before;
    this.#queue.push({ batch, term, before });
  }

  /**
   * Passes new batches to the reader, or the whole log if they are no longer stored. Returns whether the log has become
   * shorter, and so has lost events that the reader received. Rejects when Redis is unreachable.
   */
  async catchUp(status: LogStatus): Promise<boolean> {
    const tail = this.#tail;
    await this.#draining;
    // A long batch was added after `status` was read. The heartbeat that follows its release has a newer status.
    if (this.#tail > tail && status.tail < this.#tail) return false;
    const known = this.revision;
    this.#tail = status.tail;
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
      const added = await readSince<T>(redis, keys, { revision: known, writer: this.#writer }, revision);
      for (const { revision: next, writer: by, batch } of added ?? []) {
        this.#revision = next;
        this.#writer = by;
        this.#reader.onCommitted(batch);
      }
      if (added !== undefined) return;
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
      let outcome: Outcome;
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
      this.#queue.shift();
      this.#reader.onCommitted(next.batch);
    }
    await this.#applyLongBatch();
  }

  async #store(pending: PendingBatch<T>): Promise<Outcome> {
    const { records, patch, read, at, progress, asOf } = pending.batch;
    const hasContent = records.length > 0 || patch.size > 0 || progress !== undefined || asOf !== undefined;
    // The first batch is stored even if it is empty, because it records that there are no objects.
    if (hasContent || this.revision === 0) return this.#storeParts(pending);
    if (read === undefined) return 'done';
    const mark = { term: pending.term, revision: this.revision, readAt: at, ...this.#notification() };
    return this.#whenApplied(pending.term, () => markRead(this.#options.redis, this.#options.keys, mark));
  }

  /** Stores a batch part by part. After a failure it continues with the part that could not be stored. */
  async #storeParts(pending: PendingBatch<T>): Promise<Outcome> {
    const { redis, keys, keepEvents } = this.#options;
    const { batch, term, before } = pending;
    // The first batch stores all that this process knows, because Redis may have lost the log.
    const { objects, partial, progress, asOf } = this.revision === 0 ? this.#reader.state : noState;
    pending.parts ??= partsOf(batch, { writer: term, before, more: objects ?? partial });
    const common = {
      ...{ term, before, keepEvents, readAt: batch.read === undefined ? undefined : batch.at },
      ...{ progress: batch.progress ?? progress, asOf: batch.asOf ?? asOf, ...this.#notification() },
    };
    for (;;) {
      pending.part ??= pending.parts.next().value;
      const { part } = pending;
      if (part === undefined) return 'lost';
      const add = () => addPart(redis, keys, { ...common, tail: this.#tail, part });
      const outcome = await this.#whenApplied(term, add);
      if (outcome !== 'done') return outcome;
      this.#tail += 1;
      pending.part = undefined;
      // The batch was dropped meanwhile.
      if (this.#queue[0] !== pending) return 'lost';
      if (!part.isLast) continue;
      this.#unappliedTerm = part.number > 0 ? term : undefined;
      this.#revision = this.#tail;
      this.#writer = term;
      return 'done';
    }
  }

  /** Applies earlier batches if necessary. */
  async #whenApplied(term: string, work: () => Promise<Outcome>): Promise<Outcome> {
    const outcome = await work();
    if (outcome !== 'unapplied') return outcome;
    return (await this.#apply(term)) === 'lost' ? 'lost' : work();
  }

  async #apply(term: string): Promise<Outcome> {
    const { redis, keys, keepEvents } = this.#options;
    for (;;) {
      const outcome = await applyNext(redis, keys, term, keepEvents);
      if (outcome !== 'unapplied') return outcome;
    }
  }

  /** Moves the objects of a long batch to their own entries. Other replicas can read the batch before. */
  async #applyLongBatch(): Promise<void> {
    const term = this.#unappliedTerm;
    if (term === undefined) return;
    try {
      await this.#apply(term);
      this.#unappliedTerm = undefined;
    } catch (error) {
      // The next heartbeat retries; so does a new leader.
      this.#options.onUnreachable(error);
    }
  }

  #notification(): { readonly channel: string; readonly text: string } {
    const { pubSub, log } = this.#options;
    return { channel: pubSub.channel, text: pubSub.encode({ kind: 'logChanged', log }) };
  }
}
