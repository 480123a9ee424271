import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { type Batch, type Journal, type JournalReader, newEpoch } from '../watcher/index.ts';
import { type OutageReporter, type RedisSettings, reasonOf } from './connection.ts';
import { LogReplica } from './log-replica.ts';
import type { Message, PubSub } from './pub-sub.ts';
import { beat, type LogKeys, logKeys, release, type Standing } from './stored-log.ts';

export interface RedisJournalOptions {
  readonly settings: RedisSettings;
  readonly keepEvents: number;
  readonly redis: Redis;
  readonly pubSub: PubSub;
  readonly outages: OutageReporter;
  readonly log: Pick<Logger, 'warn'>;
  readonly onForget: () => void;
}

/** The lease is renewed this many times before it would end. */
const BEATS_PER_LEASE = 3;
/** The maximum number of requests of other replicas that wait for a read. */
const MAX_ANSWERING = 1_000;
/** A gateway that gave a lease away because it was too slow leaves it to others for this many lease times. */
const LEASES_TO_STAND_BACK = 2;

/**
 * A log in Redis that all replicas share. At each beat a replica takes the lease when it is free (then it leads: polls, and adds to the log), or renews its
 * own, and checks whether the log has grown. Pub/Sub messages only make that sooner: when one is lost, the next beat does it.
 */
export class RedisJournal<T> implements Journal<T> {
  readonly #log: string;
  readonly #reader: JournalReader<T>;
  readonly #options: RedisJournalOptions;
  readonly #keys: LogKeys;
  readonly #replica: LogReplica<T>;
  /** Identifies this process as the leader, with a new value each time it may lead. */
  #term = newEpoch();
  #started = false;
  #leading = false;
  /** When another's lease ends if it is not renewed, in ms from the last beat. */
  #leaseLeftMs = Number.POSITIVE_INFINITY;
  /** The lease is certainly held until then; as `performance.now()`. */
  #leaseUntil = 0;
  /** A free lease is left to others until then; as `performance.now()`. */
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
    this.#replica = new LogReplica(reader, {
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
    this.#options.outages.remove(this);
    clearTimeout(this.#timer);
    if (this.#leading) this.#giveUpLease();
  }

  /** Settles when the lease has been released. */
  get idle(): Promise<void> {
    return this.#releasing;
  }

  forget(): void {
    this.#options.onForget();
  }

  commit(batch: Batch<T>): void {
    this.#replica.add(batch, this.#term);
    void this.#replica.drain();
  }

  ask(number: number): void {
    this.#options.pubSub.send({ kind: 'ask', log: this.#log, number });
  }

  receive(message: Message, from: string): void {
    if (!this.#started || !('log' in message) || message.log !== this.#log) return;
    const { pubSub } = this.#options;
    if (message.kind === 'ask') {
      // One that gets no answer asks again at its next beat.
      if (!this.#leading || this.#answering >= MAX_ANSWERING) return;
      this.#answering += 1;
      const answer = () => pubSub.send({ kind: 'answer', log: this.#log, number: message.number, to: from });
      this.#reader
        .readForOther()
        .then(answer)
        .catch(() => undefined)
        .finally(() => {
          this.#answering -= 1;
        });
      return;
    }
    if (message.kind === 'answer') {
      if (message.to !== pubSub.self) return;
      this.#answers = Math.max(this.#answers ?? 0, message.number);
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
        if (this.#started && !this.#replica.failing) this.#reached();
      } catch (error) {
        this.#unreachable(error);
      }
    }
  }

  #scheduleBeat(): void {
    clearTimeout(this.#timer);
    if (!this.#started) return;
    // Replicas that were started together need not beat together; but when the lease ends, one of them takes it.
    const pause = (this.#options.settings.leaseMs / BEATS_PER_LEASE) * (0.8 + 0.2 * Math.random());
    this.#timer = setTimeout(() => this.look(), Math.min(pause, this.#leaseLeftMs + 1));
  }

  async #beatOnce(): Promise<void> {
    const { redis, settings } = this.#options;
    // A gateway that is too slow to poll leaves the lease to another.
    if (this.#leading && this.#reader.overdue) this.#giveLeaseAway();
    const term = this.#term;
    const sentAt = performance.now();
    const known = this.#replica.revision;
    this.#leaseLeftMs = Number.POSITIVE_INFINITY;
    const standsBackMs = Math.max(0, this.#standsBackUntil - sentAt);
    const standing = await beat(redis, this.#keys, term, settings.leaseMs, standsBackMs === 0);
    if (standing.leader !== term) this.#leaseLeftMs = Math.max(standsBackMs, standing.leaseLeftMs);
    const stillMe = () => this.#started && this.#term === term;
    if (!stillMe()) {
      // It was stopped meanwhile, and must not keep the lease.
      if (standing.leader === term) await this.#release(term);
      return;
    }
    // A log that is shorter than before has lost events that were published.
    const isRewound = standing.revision < known;
    if (this.#leading && (standing.leader !== term || isRewound)) {
      this.#forsake();
      if (standing.leader === term) await this.#release(term);
      this.look();
      return;
    }
    if (this.#leading) {
      this.#leaseUntil = sentAt + settings.leaseMs;
      void this.#replica.drain();
      return;
    }
    if (await this.#replica.catchUp(standing)) this.#distrusted = standing.leader;
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
    this.#replica.begin(this.#term);
    this.#reader.lead(this.#term);
  }

  #follow({ leader, read, readAt }: Standing): void {
    if (leader !== '' && read === leader && leader !== this.#distrusted) this.#reader.readElsewhere(readAt);
    if (this.#answers !== undefined) this.#reader.answered(this.#answers);
    this.#answers = undefined;
    const { asking } = this.#reader;
    if (asking !== undefined) this.ask(asking);
  }

  /** Another replica may lead at once, after the batches that were committed before are stored. */
  #giveUpLease(): void {
    const term = this.#term;
    this.#stepDown();
    this.#releasing = this.#replica.drain().then(() => this.#release(term));
  }

  #giveLeaseAway(): void {
    const { settings, log } = this.#options;
    log.warn({ list: this.#log }, 'this gateway does not get to reading a list and gives its lease away');
    this.#standsBackUntil = performance.now() + LEASES_TO_STAND_BACK * settings.leaseMs;
    this.#giveUpLease();
  }

  /** Batches on their way to the log still arrive, if the lease lasts. */
  #stepDown(): void {
    this.#leading = false;
    this.#term = newEpoch();
    this.#reader.follow();
  }

  /** Drops the batches that are not stored: the next leader finds their changes again by polling. */
  #forsake(): void {
    this.#replica.clear();
    this.#stepDown();
  }

  #lost(): void {
    if (this.#leading) this.#forsake();
    else this.#replica.clear();
    this.look();
  }

  async #release(term: string): Promise<void> {
    const { redis, pubSub } = this.#options;
    const text = pubSub.encode({ kind: 'look', log: this.#log });
    // A lease that is not released ends by itself.
    await release(redis, this.#keys, term, pubSub.channel, text).catch(() => undefined);
    this.look();
  }

  #reached(): void {
    this.#awaySince = undefined;
    this.#options.outages.worked(this);
  }

  #unreachable(error: unknown): void {
    if (!this.#started) return;
    const { redis, outages } = this.#options;
    // Without a connection, the connection itself reports the reason.
    if (redis.status === 'ready') outages.failed(this, error);
    const now = performance.now();
    if (this.#leading && now >= this.#leaseUntil) this.#forsake();
    this.#awaySince ??= now;
    if (now - this.#awaySince >= this.#options.settings.toleranceMs) this.#reader.failed(new Error(reasonOf(error)));
  }
}
