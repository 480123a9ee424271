import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { type Batch, type Journal, type JournalReader, newEpoch } from '../watcher/index.ts';
import { type OutageReporter, type RedisSettings, reasonOf } from './connection.ts';
import { LogReplica } from './log-replica.ts';
import type { Message, PubSub } from './pub-sub.ts';
import { type LogKeys, type LogStatus, logKeys, releaseLease, renewLease } from './stored-log.ts';

export interface RedisJournalOptions {
  readonly settings: RedisSettings;
  readonly keepEvents: number;
  readonly redis: Redis;
  readonly pubSub: PubSub;
  readonly outages: OutageReporter;
  readonly log: Pick<Logger, 'warn'>;
  readonly onForget: () => void;
}

/** The leader renews the lease this many times before it would end. */
const HEARTBEATS_PER_LEASE = 3;
/** The maximum number of other replicas' requests that wait for a read. */
const MAX_PENDING_RESPONSES = 1_000;
/** A gateway that has yielded a lease because it was too slow does not take it again for this many lease times. */
const LEASES_WITHOUT_LEADING = 2;

/**
 * A log in Redis that all replicas share. At each heartbeat a replica takes the lease if it is free, or renews its own,
 * and checks whether the log has grown. The replica with the lease leads: it polls AWS, and adds to the log. Pub/Sub
 * messages only trigger a heartbeat, so a lost message causes a delay.
 */
export class RedisJournal<T> implements Journal<T> {
  readonly #log: string;
  readonly #reader: JournalReader<T>;
  readonly #options: RedisJournalOptions;
  readonly #keys: LogKeys;
  readonly #replica: LogReplica<T>;
  /** Identifies this process as the leader. It has a new value for each time that this process may lead. */
  #term = newEpoch();
  #isStarted = false;
  #isLeading = false;
  /** Whether the reader knows that another replica leads, or none. */
  #isFollowing = false;
  /** The remaining time of another replica's lease at the last heartbeat, in ms. */
  #leaseLeftMs = Number.POSITIVE_INFINITY;
  /** This process holds the lease at least until then; as `performance.now()`. */
  #leaseUntil = 0;
  /** This process takes no lease until then; as `performance.now()`. */
  #noLeaseUntil = 0;
  #releasing: Promise<void> = Promise.resolve();
  #isSendingHeartbeat = false;
  #hasPendingHeartbeat = false;
  #lastResponse: number | undefined;
  /** The number of other replicas' requests that wait for a read. */
  #pendingResponses = 0;
  #timer: NodeJS.Timeout | undefined;
  /** As `performance.now()`. */
  #unreachableSince: number | undefined;
  /** The leader's term when the log had become shorter: its reads may be lost, and it steps down when it notices. */
  #distrustedTerm = '';

  constructor(log: string, reader: JournalReader<T>, options: RedisJournalOptions) {
    this.#log = log;
    this.#reader = reader;
    this.#options = options;
    this.#keys = logKeys(options.settings.prefix, log);
    this.#replica = new LogReplica(reader, {
      ...options,
      log,
      keys: this.#keys,
      onLost: () => this.#onLeaseLost(),
      // The next heartbeat retries, unless the lease has been lost by then.
      onUnreachable: (error) => this.#onUnreachable(error),
    });
  }

  start(): void {
    this.#isStarted = true;
    this.#isFollowing = false;
    this.sendHeartbeat();
  }

  stop(): void {
    this.#isStarted = false;
    this.#unreachableSince = undefined;
    this.#options.outages.remove(this);
    clearTimeout(this.#timer);
    if (this.#isLeading) this.#releaseAfterDrain();
  }

  /** Resolves when the lease has been released. */
  get leaseReleased(): Promise<void> {
    return this.#releasing;
  }

  forget(): void {
    this.#options.onForget();
  }

  commit(batch: Batch<T>): void {
    this.#replica.add(batch, this.#term);
    void this.#replica.drain();
  }

  requestRead(number: number): void {
    this.#options.pubSub.send({ kind: 'readRequest', log: this.#log, number });
  }

  receive(message: Message, from: string): void {
    if (!this.#isStarted || !('log' in message) || message.log !== this.#log) return;
    const { pubSub } = this.#options;
    if (message.kind === 'readRequest') {
      // A replica without a response repeats its request at its next heartbeat.
      if (!this.#isLeading || this.#pendingResponses >= MAX_PENDING_RESPONSES) return;
      this.#pendingResponses += 1;
      const respond = () => pubSub.send({ kind: 'readResponse', log: this.#log, number: message.number, to: from });
      this.#reader
        .readForOther()
        .then(respond)
        .catch(() => undefined)
        .finally(() => {
          this.#pendingResponses -= 1;
        });
      return;
    }
    if (message.kind === 'readResponse') {
      if (message.to !== pubSub.replicaId) return;
      this.#lastResponse = Math.max(this.#lastResponse ?? 0, message.number);
    }
    this.sendHeartbeat();
  }

  sendHeartbeat(): void {
    if (!this.#isStarted) return;
    this.#hasPendingHeartbeat = true;
    if (this.#isSendingHeartbeat) return;
    this.#isSendingHeartbeat = true;
    this.#sendPendingHeartbeats()
      .catch((err: unknown) =>
        this.#options.log.warn(
          { err, list: this.#log },
          'The heartbeat of a list failed unexpectedly and is retried. Please report this error.',
        ),
      )
      .finally(() => {
        this.#isSendingHeartbeat = false;
        this.#scheduleHeartbeat();
      });
  }

  async #sendPendingHeartbeats(): Promise<void> {
    clearTimeout(this.#timer);
    while (this.#hasPendingHeartbeat && this.#isStarted) {
      this.#hasPendingHeartbeat = false;
      try {
        await this.#heartbeat();
        // Redis may accept the lease and reject additions to the log.
        if (this.#isStarted && !this.#replica.isFailing) this.#onReachable();
      } catch (error) {
        this.#onUnreachable(error);
      }
    }
  }

  #scheduleHeartbeat(): void {
    clearTimeout(this.#timer);
    if (!this.#isStarted) return;
    // The jitter spreads the heartbeats of replicas that start together. When a lease ends, one of them takes it at
    // once.
    const pause = (this.#options.settings.leaseMs / HEARTBEATS_PER_LEASE) * (0.8 + 0.2 * Math.random());
    this.#timer = setTimeout(() => this.sendHeartbeat(), Math.min(pause, this.#leaseLeftMs + 1));
  }

  async #heartbeat(): Promise<void> {
    const { redis, settings } = this.#options;

    if (this.#isLeading && this.#reader.isOverdue) this.#yieldLease();
    const term = this.#term;
    const sentAt = performance.now();
    const known = this.#replica.revision;
    this.#leaseLeftMs = Number.POSITIVE_INFINITY;
    const noLeaseMs = Math.max(0, this.#noLeaseUntil - sentAt);
    const status = await renewLease(redis, this.#keys, term, settings.leaseMs, noLeaseMs === 0);
    if (status.leader !== term) this.#leaseLeftMs = Math.max(noLeaseMs, status.leaseLeftMs);
    const isSameTerm = () => this.#isStarted && this.#term === term;
    if (!isSameTerm()) {
      // The journal was stopped meanwhile, and must not keep the lease.
      if (status.leader === term) await this.#release(term);
      return;
    }
    // A log that is shorter than before has lost events that were published.
    const isRewound = status.revision < known;
    if (this.#isLeading && (status.leader !== term || isRewound)) {
      this.#dropBatchesAndStepDown();
      if (status.leader === term) await this.#release(term);
      this.sendHeartbeat();
      return;
    }
    if (this.#isLeading) {
      this.#leaseUntil = sentAt + settings.leaseMs;
      void this.#replica.drain();
      return;
    }
    if (await this.#replica.catchUp(status)) this.#distrustedTerm = status.leader;
    const isLeader = status.leader === term;
    if (!isSameTerm()) {
      if (isLeader) await this.#release(term);
      this.sendHeartbeat();
      return;
    }
    if (isLeader) this.#lead(sentAt + settings.leaseMs);
    else this.#follow(status);
  }

  #lead(leaseUntil: number): void {
    this.#isLeading = true;
    this.#isFollowing = false;
    this.#leaseUntil = leaseUntil;
    this.#replica.startTerm(this.#term);
    this.#reader.lead(this.#term);
  }

  #follow({ leader, read, readAt }: LogStatus): void {
    if (!this.#isFollowing) {
      this.#isFollowing = true;
      this.#reader.follow();
    }
    if (leader !== '' && read === leader && leader !== this.#distrustedTerm) this.#reader.onReadElsewhere(readAt);
    if (this.#lastResponse !== undefined) this.#reader.onRequestCompleted(this.#lastResponse);
    this.#lastResponse = undefined;
    const { pendingRequest } = this.#reader;
    if (pendingRequest !== undefined) this.requestRead(pendingRequest);
  }

  /** Stores the pending batches and then releases the lease, so that another replica can lead at once. */
  #releaseAfterDrain(): void {
    const term = this.#term;
    this.#stepDown();
    this.#releasing = this.#replica.drain().then(() => this.#release(term));
  }

  #yieldLease(): void {
    const { settings, log } = this.#options;
    log.warn(
      { list: this.#log },
      'This gateway is too slow to poll a list and yields its lease to another replica. Check its CPU load.',
    );
    this.#noLeaseUntil = performance.now() + LEASES_WITHOUT_LEADING * settings.leaseMs;
    this.#releaseAfterDrain();
  }

  /** Batches in flight are still stored if the lease lasts. */
  #stepDown(): void {
    this.#isLeading = false;
    this.#term = newEpoch();
    this.#isFollowing = true;
    this.#reader.follow();
  }

  /** Drops the batches that are not stored. The next leader finds their changes by polling. */
  #dropBatchesAndStepDown(): void {
    this.#replica.clear();
    this.#stepDown();
  }

  #onLeaseLost(): void {
    if (this.#isLeading) this.#dropBatchesAndStepDown();
    else this.#replica.clear();
    this.sendHeartbeat();
  }

  async #release(term: string): Promise<void> {
    const { redis, pubSub } = this.#options;
    const text = pubSub.encode({ kind: 'logChanged', log: this.#log });
    // A lease that is not released expires.
    await releaseLease(redis, this.#keys, term, pubSub.channel, text).catch(() => undefined);
    this.sendHeartbeat();
  }

  #onReachable(): void {
    this.#unreachableSince = undefined;
    this.#options.outages.reportSuccess(this);
  }

  #onUnreachable(error: unknown): void {
    if (!this.#isStarted) return;
    const { redis, outages } = this.#options;
    // While Redis is disconnected, the connection itself reports the reason.
    if (redis.status === 'ready') outages.reportFailure(this, error);
    const now = performance.now();
    if (this.#isLeading && now >= this.#leaseUntil) this.#dropBatchesAndStepDown();
    this.#unreachableSince ??= now;
    if (now - this.#unreachableSince >= this.#options.settings.toleranceMs)
      this.#reader.onFailed(new Error(reasonOf(error)));
  }
}
