import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { type Batch, type Journal, type JournalReader, newEpoch } from '../watcher/index.ts';
import type { Bell, Ring } from './bell.ts';
import type { RedisSettings } from './connection.ts';
import { LogCopy } from './log-copy.ts';
import { type Outage, reasonOf } from './outage.ts';
import { beat, type LogKeys, logKeys, release, type Standing } from './scripts.ts';

export interface RedisJournalOptions {
  readonly settings: RedisSettings;
  readonly keepEvents: number;
  readonly redis: Redis;
  readonly bell: Bell;
  readonly outage: Outage;
  readonly log: Pick<Logger, 'warn'>;
  readonly onForget: () => void;
}

/** The lease is renewed this many times before it would end. */
const beatsPerLease = 3;
/** More requests of other replicas for a read do not wait. */
const maxAnswering = 1_000;
/** A gateway that gave a lease away because it did not read leaves it to others for this many lease times. */
const leasesToStandBack = 2;

/**
 * A log in Redis that all replicas share. Each beats: takes the lease when it is free (then it leads: polls, and adds to the log), or keeps its own, and
 * looks whether the log has grown. The bell only makes that sooner; whatever it fails to tell, the next beat finds.
 */
export class RedisJournal<T> implements Journal<T> {
  readonly #log: string;
  readonly #reader: JournalReader<T>;
  readonly #options: RedisJournalOptions;
  readonly #keys: LogKeys;
  readonly #copy: LogCopy<T>;
  /** What this process would lead, or leads, as: a new name each time, so that nothing old passes for new. */
  #term = newEpoch();
  #started = false;
  #leading = false;
  /** When another's lease ends if it is not renewed, in ms from the last beat. */
  #leaseLeftMs = Number.POSITIVE_INFINITY;
  /** Until when the lease is surely held; as `performance.now()`. */
  #leaseUntil = 0;
  /** Until when a free lease is left to others; as `performance.now()`. */
  #standsBackUntil = 0;
  #releasing: Promise<void> = Promise.resolve();
  #beating = false;
  #beatAgain = false;
  #answers: number | undefined;
  /** Other replicas' requests for a read that wait for one. */
  #answering = 0;
  #timer: NodeJS.Timeout | undefined;
  /** As `performance.now()`. */
  #awaySince: number | undefined;
  /** The term that led when the log had become shorter: what it read before may be lost, and it steps down as soon as it sees that. */
  #distrusted = '';

  constructor(log: string, reader: JournalReader<T>, options: RedisJournalOptions) {
    this.#log = log;
    this.#reader = reader;
    this.#options = options;
    this.#keys = logKeys(options.settings.prefix, log);
    this.#copy = new LogCopy(reader, {
      ...options,
      log,
      keys: this.#keys,
      onLost: () => this.#lost(),
      // The next beat tries again, unless the lease has been lost by then.
      onAway: (error) => this.#unreachable(error),
    });
  }

  start(): void {
    this.#started = true;
    this.look();
  }

  stop(): void {
    this.#started = false;
    this.#awaySince = undefined;
    this.#options.outage.left(this);
    clearTimeout(this.#timer);
    if (this.#leading) this.#giveUpLease();
  }

  /** Settles when nothing of this process is under way any more. */
  get idle(): Promise<void> {
    return this.#releasing;
  }

  forget(): void {
    this.#options.onForget();
  }

  commit(batch: Batch<T>): void {
    this.#copy.add(batch, this.#term);
    void this.#copy.drain();
  }

  ask(number: number): void {
    this.#options.bell.ring({ kind: 'ask', log: this.#log, number });
  }

  heard(ring: Ring, from: string): void {
    if (!this.#started || !('log' in ring) || ring.log !== this.#log) return;
    const { bell } = this.#options;
    if (ring.kind === 'ask') {
      // One that gets no answer asks again at its next beat.
      if (!this.#leading || this.#answering >= maxAnswering) return;
      this.#answering += 1;
      const answer = () => bell.ring({ kind: 'answer', log: this.#log, number: ring.number, to: from });
      this.#reader
        .readForOther()
        .then(answer)
        .catch(() => undefined)
        .finally(() => {
          this.#answering -= 1;
        });
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
    if (this.#beating) return;
    this.#beating = true;
    this.#beat()
      .catch((err: unknown) =>
        this.#options.log.warn({ err, list: this.#log }, 'internal fault at a lease; it goes on'),
      )
      .finally(() => {
        this.#beating = false;
        this.#scheduleBeat();
      });
  }

  async #beat(): Promise<void> {
    clearTimeout(this.#timer);
    while (this.#beatAgain && this.#started) {
      this.#beatAgain = false;
      try {
        await this.#beatOnce();
        // It may take the lease, and refuse what is added to the log.
        if (this.#started && !this.#copy.failing) this.#reached();
      } catch (error) {
        this.#unreachable(error);
      }
    }
  }

  #scheduleBeat(): void {
    clearTimeout(this.#timer);
    if (!this.#started) return;
    // Replicas that were started together need not beat together; but when the lease ends, one of them takes it.
    const pause = (this.#options.settings.leaseMs / beatsPerLease) * (0.8 + 0.2 * Math.random());
    this.#timer = setTimeout(() => this.look(), Math.min(pause, this.#leaseLeftMs + 1));
  }

  async #beatOnce(): Promise<void> {
    const { redis, settings } = this.#options;
    // The lease is for reading: a gateway that does not get to it leaves it to another.
    if (this.#leading && this.#reader.overdue) this.#giveLeaseAway();
    const term = this.#term;
    const sentAt = performance.now();
    const known = this.#copy.revision;
    this.#leaseLeftMs = Number.POSITIVE_INFINITY;
    const standsBackMs = Math.max(0, this.#standsBackUntil - sentAt);
    const standing = await beat(redis, this.#keys, term, settings.leaseMs, standsBackMs === 0);
    if (standing.leader !== term) this.#leaseLeftMs = Math.max(standsBackMs, standing.leaseLeftMs);
    const stillMe = () => this.#started && this.#term === term;
    if (!stillMe()) {
      // It was stopped meanwhile, and would hold a lease that nobody knows of.
      if (standing.leader === term) await this.#release(term);
      return;
    }
    // A log that is shorter than it was has lost what was told of it.
    const isRewound = standing.revision < known;
    if (this.#leading && (standing.leader !== term || isRewound)) {
      this.#forsake();
      if (standing.leader === term) await this.#release(term);
      this.look();
      return;
    }
    if (this.#leading) {
      this.#leaseUntil = sentAt + settings.leaseMs;
      void this.#copy.drain();
      return;
    }
    if (await this.#copy.catchUp(standing)) this.#distrusted = standing.leader;
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
    this.#copy.begin(this.#term);
    this.#reader.lead(this.#term);
  }

  #follow({ leader, read, readAt }: Standing): void {
    if (leader !== '' && read === leader && leader !== this.#distrusted) this.#reader.readElsewhere(readAt);
    if (this.#answers !== undefined) this.#reader.answered(this.#answers);
    this.#answers = undefined;
    const { asking } = this.#reader;
    if (asking !== undefined) this.ask(asking);
  }

  /** Another replica may lead at once. What was committed before is kept first. */
  #giveUpLease(): void {
    const term = this.#term;
    this.#stepDown();
    this.#releasing = this.#copy.drain().then(() => this.#release(term));
  }

  #giveLeaseAway(): void {
    const { settings, log } = this.#options;
    log.warn({ list: this.#log }, 'this gateway does not get to reading a list and gives its lease away');
    this.#standsBackUntil = performance.now() + leasesToStandBack * settings.leaseMs;
    this.#giveUpLease();
  }

  /** What is on its way to the log still gets there, if the lease lasts. */
  #stepDown(): void {
    this.#leading = false;
    this.#term = newEpoch();
    this.#reader.follow();
  }

  /** What was not kept is forgotten: who leads next finds it again by reading. */
  #forsake(): void {
    this.#copy.clear();
    this.#stepDown();
  }

  #lost(): void {
    if (this.#leading) this.#forsake();
    else this.#copy.clear();
    this.look();
  }

  async #release(term: string): Promise<void> {
    const { redis, bell } = this.#options;
    const text = bell.text({ kind: 'look', log: this.#log });
    // What is not released ends by itself.
    await release(redis, this.#keys, term, bell.channel, text).catch(() => undefined);
    this.look();
  }

  #reached(): void {
    this.#awaySince = undefined;
    this.#options.outage.worked(this);
  }

  #unreachable(error: unknown): void {
    if (!this.#started) return;
    const { redis, outage } = this.#options;
    // Without a connection, the connection itself knows better why.
    if (redis.status === 'ready') outage.failed(this, error);
    const now = performance.now();
    if (this.#leading && now >= this.#leaseUntil) this.#forsake();
    this.#awaySince ??= now;
    if (now - this.#awaySince >= this.#options.settings.toleranceMs) this.#reader.failed(new Error(reasonOf(error)));
  }
}
