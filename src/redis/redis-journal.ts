import type { Redis } from 'ioredis';
import { encode } from '../watcher/codec.ts';
import { type Batch, type Journal, type JournalReader, newEpoch, type Place } from '../watcher/index.ts';
import type { Bell, Ring } from './bell.ts';
import type { RedisSettings } from './connection.ts';
import { beat, commit, type LogKeys, logKeys, markRead, release, type Standing } from './scripts.ts';
import { readAll, readSince, writeBatch } from './stored-log.ts';

export interface RedisJournalOptions {
  readonly settings: RedisSettings;
  readonly keepEvents: number;
  readonly redis: Redis;
  readonly bell: Bell;
}

/** A batch that waits to be kept. */
interface Pending<T> {
  readonly batch: Batch<T>;
  readonly term: string;
  readonly before: Place;
}

type Outcome = 'kept' | 'nothing' | 'lost';

/** Logs that nobody watches go from Redis after this long, in ms. */
const ttlMs = 7 * 86_400_000;
/** The lease is renewed this many times before it would end. */
const beatsPerLease = 3;

/**
 * A log in Redis that all replicas share. Each beats: takes the lease when it is free (then it leads: polls, and adds to the log), or keeps its own, and
 * looks whether the log has grown. The bell only makes that sooner; whatever it fails to tell, the next beat finds.
 */
export class RedisJournal<T> implements Journal<T> {
  readonly #log: string;
  readonly #reader: JournalReader<T>;
  readonly #options: RedisJournalOptions;
  readonly #keys: LogKeys;
  /** What this process would lead, or leads, as: a new name each time, so that nothing old passes for new. */
  #term = newEpoch();
  #started = false;
  #leading = false;
  /** Until when the lease is surely held, in ms since the epoch. */
  #leaseUntil = 0;
  /** What `#reader` has been told; undefined when it is not known to be of this log. */
  #revision: number | undefined;
  #writer = '';
  #place: Place | undefined;
  #queue: Pending<T>[] = [];
  #draining: Promise<void> | undefined;
  #releasing: Promise<void> = Promise.resolve();
  #beating = false;
  #beatAgain = false;
  #answers: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #awaySince: number | undefined;
  /** The term that led when the log had become shorter: what it read before may be lost, and it steps down as soon as it sees that. */
  #distrusted = '';

  constructor(log: string, reader: JournalReader<T>, options: RedisJournalOptions) {
    this.#log = log;
    this.#reader = reader;
    this.#options = options;
    this.#keys = logKeys(options.settings.prefix, log);
  }

  start(): void {
    this.#started = true;
    this.look();
  }

  stop(): void {
    this.#started = false;
    this.#awaySince = undefined;
    clearTimeout(this.#timer);
    if (!this.#leading) return;
    const term = this.#term;
    this.#stepDown(false);
    // What was committed before is kept first.
    this.#releasing = this.#drain().then(() => this.#release(term));
  }

  /** Settles when nothing of this process is under way any more. */
  get idle(): Promise<void> {
    return this.#releasing;
  }

  commit(batch: Batch<T>): void {
    const before = this.#place ?? this.#reader.last;
    this.#place = batch.records.at(-1) ?? before;
    this.#queue.push({ batch, term: this.#term, before });
    void this.#drain();
  }

  ask(number: number): void {
    this.#options.bell.ring({ kind: 'ask', log: this.#log, number });
  }

  heard(ring: Ring, from: string): void {
    if (!this.#started || ring.kind === 'relay' || ring.log !== this.#log) return;
    const { bell } = this.#options;
    if (ring.kind === 'ask') {
      if (!this.#leading) return;
      const answer = () => bell.ring({ kind: 'answer', log: this.#log, number: ring.number, to: from });
      this.#reader.readForOther().then(answer, () => undefined);
      return;
    }
    if (ring.kind === 'answer') {
      if (ring.to !== bell.self) return;
      this.#answers = Math.max(this.#answers ?? 0, ring.number);
    }
    this.look();
  }

  /** Beats at once. */
  look(): void {
    if (!this.#started) return;
    this.#beatAgain = true;
    if (!this.#beating) void this.#beat();
  }

  async #beat(): Promise<void> {
    this.#beating = true;
    clearTimeout(this.#timer);
    while (this.#beatAgain && this.#started) {
      this.#beatAgain = false;
      try {
        await this.#beatOnce();
        this.#awaySince = undefined;
      } catch (error) {
        this.#unreachable(error instanceof Error ? error : new Error(String(error)));
      }
    }
    this.#beating = false;
    if (!this.#started) return;
    // Replicas that were started together need not beat together.
    const pause = (this.#options.settings.leaseMs / beatsPerLease) * (0.8 + 0.2 * Math.random());
    this.#timer = setTimeout(() => this.look(), pause);
  }

  async #beatOnce(): Promise<void> {
    const { redis, settings } = this.#options;
    const term = this.#term;
    const sentAt = Date.now();
    const known = this.#revision ?? 0;
    const standing = await beat(redis, this.#keys, term, settings.leaseMs);
    const stillMe = () => this.#started && this.#term === term;
    if (!stillMe()) {
      // It was stopped meanwhile, and would hold a lease that nobody knows of.
      if (standing.leader === term) await this.#release(term);
      return;
    }
    // A log that is shorter than it was has lost what was told of it.
    const isRewound = standing.revision < known;
    if (this.#leading && (standing.leader !== term || isRewound)) {
      this.#stepDown(true);
      if (standing.leader === term) await this.#release(term);
      this.look();
      return;
    }
    if (this.#leading) {
      this.#leaseUntil = sentAt + settings.leaseMs;
      void this.#drain();
      return;
    }
    await this.#catchUp(standing);
    const isMine = standing.leader === term;
    if (!stillMe()) {
      if (isMine) await this.#release(term);
      this.look();
      return;
    }
    if (isMine) this.#lead(sentAt + settings.leaseMs);
    else this.#follow(standing);
  }

  #lead(leaseUntil: number): void {
    this.#leading = true;
    this.#leaseUntil = leaseUntil;
    this.#place = undefined;
    this.#queue = this.#queue.filter(({ term }) => term === this.#term);
    this.#reader.lead(this.#term);
  }

  #follow({ leader, read, readAt }: Standing): void {
    if (read === leader && leader !== this.#distrusted) this.#reader.readElsewhere(readAt);
    if (this.#answers !== undefined) this.#reader.answered(this.#answers);
    this.#answers = undefined;
    const { asking } = this.#reader;
    if (asking !== undefined) this.ask(asking);
  }

  /** What was not kept is forgotten: who leads next finds it again by reading. `forget`: also what is on its way. */
  #stepDown(forget: boolean): void {
    this.#leading = false;
    this.#term = newEpoch();
    if (forget) this.#queue = [];
    this.#reader.follow();
  }

  /** Tells what was added since, or, when that cannot be told from what is kept, all there is. */
  async #catchUp({ revision, writer, leader }: Standing): Promise<void> {
    await this.#draining;
    const known = this.#revision;
    if (known !== undefined && revision < known) this.#distrusted = leader;
    if (known === revision && this.#writer === writer) return;
    const { redis } = this.#options;
    if (revision === 0) {
      // Redis holds nothing (yet, or any more): what is known here is the truth, and the first batch of whoever leads holds all of it.
      this.#revision = 0;
      this.#writer = '';
      return;
    }
    if (known !== undefined && known > 0 && known < revision) {
      const [mine, ...added] = await readSince<T>(redis, this.#keys, known);
      if (mine?.revision === known && mine.writer === this.#writer) {
        for (const { revision: next, writer: by, batch } of added) {
          this.#revision = next;
          this.#writer = by;
          this.#reader.committed(batch);
        }
        return;
      }
    }
    const all = await readAll<T>(redis, this.#keys, this.#reader.last);
    this.#revision = all.revision;
    this.#writer = all.writer;
    this.#reader.restored(all.kept);
  }

  #drain(): Promise<void> {
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
      } catch (error) {
        // The next beat tries again, unless the lease has been lost by then.
        this.#unreachable(error instanceof Error ? error : new Error(String(error)));
        return;
      }
      // The lease was lost meanwhile; what was kept nevertheless comes back from the log.
      if (this.#queue[0] !== next) continue;
      if (outcome === 'lost') {
        if (this.#leading) this.#stepDown(true);
        else this.#queue = [];
        this.look();
        return;
      }
      if (outcome === 'kept') {
        this.#revision = (this.#revision ?? 0) + 1;
        this.#writer = next.term;
      }
      this.#queue.shift();
      this.#reader.committed(next.batch);
    }
  }

  async #keep({ batch, term, before }: Pending<T>): Promise<Outcome> {
    const { redis, bell, keepEvents } = this.#options;
    const { records, patch, read, at } = batch;
    const after = this.#revision ?? 0;
    const text = bell.text({ kind: 'look', log: this.#log });
    // The first batch is kept even when it shows nothing: from then on it is known that nothing is there.
    if (records.length === 0 && patch.size === 0 && after > 0) {
      if (read === undefined) return 'nothing';
      return (await markRead(redis, this.#keys, term, at, bell.channel, text)) ? 'nothing' : 'lost';
    }
    const all = after === 0 ? new Map([...(this.#reader.objects ?? []), ...patch]) : patch;
    const kept = await commit(redis, this.#keys, {
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

  async #release(term: string): Promise<void> {
    const { redis, bell } = this.#options;
    const text = bell.text({ kind: 'look', log: this.#log });
    // What is not released ends by itself.
    await release(redis, this.#keys, term, bell.channel, text).catch(() => undefined);
    this.look();
  }

  #unreachable(error: Error): void {
    if (!this.#started) return;
    const now = Date.now();
    if (this.#leading && now >= this.#leaseUntil) this.#stepDown(true);
    this.#awaySince ??= now;
    if (now - this.#awaySince >= this.#options.settings.toleranceMs) this.#reader.failed(error);
  }
}
