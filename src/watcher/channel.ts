import type { Principal } from '../principal/principal.ts';
import { later, type UpstreamError, type WallMs } from '../upstream/index.ts';
import type { ChannelHooks } from './channel-hooks.ts';
import { type ChannelLease, ReadWaiters, repeatEvery } from './channel-lease.ts';
import { type BackgroundUse, ChannelUses, type Pace } from './channel-uses.ts';
import type { WatchContext } from './context.ts';
import { createPublisher } from './create-publisher.ts';
import { endsSubscriptions, isRefusal, logUnavailable, logUnreachable, upstreamFailed } from './errors.ts';
import type { EventPublisher } from './event-publisher.ts';
import { type ChangeCause, ReadCauses } from './history/change-causes.ts';
import type { Batch, Journal, JournalReader, JournalStore, LogOffset, LogSnapshot, LogState } from './journal.ts';
import type { Source } from './kinds.ts';
import { nowOf } from './list-state.ts';
import { Poller, type PollTarget } from './poller.ts';
import { type Recorded, Recorder } from './recorder.ts';

/**
 * One watched list (or one described object) of one principal, while it is leased. Its poller (or another process's)
 * reads the list, `Recorder` numbers the changes for the journal, and `EventPublisher` publishes the stored changes.
 */
export class Channel<T> implements PollTarget<T>, JournalReader<T> {
  readonly principal: Principal;
  readonly source: Source<T>;
  readonly #context: WatchContext;
  readonly #hooks: ChannelHooks<T>;
  readonly #recorder: Recorder<T>;
  /** Callers need a lease that is `ready`. */
  readonly publisher: EventPublisher<T>;
  readonly #journal: Journal<T>;
  readonly poller: Poller<T>;
  readonly #waiters = new ReadWaiters();
  readonly uses: ChannelUses;
  readonly #causes = new ReadCauses();
  #readStartedOn: WallMs | undefined;
  #isStarted = false;
  /** The number of the first read in the present run. */
  #firstRead = 1;
  /** Whether the list was read completely in the present run. */
  #isFresh = false;
  #cancelBookmark: (() => void) | undefined;

  constructor(
    context: WatchContext,
    principal: Principal,
    source: Source<T>,
    journals: JournalStore,
    hooks: ChannelHooks<T>,
  ) {
    this.#context = context;
    this.principal = principal;
    this.source = source;
    this.#hooks = hooks;
    this.#recorder = new Recorder(source.kind);
    this.uses = new ChannelUses(context.clock, context.config);
    const seenAt = (id: string, object: T) => this.#recorder.seenAt(id, object);
    this.publisher = createPublisher(context, { principal: principal.name, log: source.name }, source.kind, seenAt);
    this.#journal = journals.open(principal, source.name, this);
    this.poller = new Poller(context, principal, source, this);
  }

  /** Whether it has subscribers. */
  get running(): boolean {
    return this.#isStarted;
  }

  /** Whether this process polls the list. */
  get polling(): boolean {
    return this.poller.running;
  }

  /**
   * How late the poller is, in ms. Undefined when it is not late, or another process polls. Infinite when this process
   * should poll and has no poller.
   */
  get overdueMs(): number | undefined {
    if (!this.#isStarted || !this.#recorder.isLeading) return undefined;
    return this.poller.running ? this.poller.overdueMs : Number.POSITIVE_INFINITY;
  }

  get isOverdue(): boolean {
    return this.overdueMs !== undefined;
  }

  /** Whether the channel is polled for subscribers, and its state is at most a poll interval old. */
  get fresh(): boolean {
    return this.#isStarted && this.#isFresh && this.pace === undefined;
  }

  get pace(): Pace | undefined {
    return this.uses.pace;
  }

  /** Returns the published version of an object; undefined before the first complete read. */
  get(id: string): T | undefined {
    return this.publisher.list.objects?.get(id)?.object;
  }

  /** Whether another log may have published a newer version of the object. */
  isDoubtful(id: string): boolean {
    return this.fresh && this.#recorder.isDoubtful(id);
  }

  /** `background`: undefined for a subscriber. */
  acquire(background?: BackgroundUse): ChannelLease {
    const lease: ChannelLease = {
      ready: () => (this.fresh ? Promise.resolve() : this.#waiters.untilFresh()),
      nextRead: () => {
        const read = this.#waiters.untilRead(this.#recorder.readsStarted + 1);
        this.#requestRead();
        return read;
      },
      release: () => {
        if (this.uses.delete(lease) && this.uses.size === 0) this.#stop(new Error('The channel was stopped.'));
      },
    };
    const isSlow = this.#isStarted && this.pace !== undefined;
    this.uses.add(lease, background);
    if (!this.#isStarted) this.#start();
    else if (isSlow && background === undefined) {
      // The first subscriber of a list that is polled rarely waits for a read.
      this.#isFresh = false;
      this.#firstRead = this.#recorder.readsStarted + 1;
      this.#requestRead();
    }
    return lease;
  }

  /**
   * Applies the reply to an own write of this principal, `tookMs` after it was sent. A leader elsewhere receives it by
   * the relay.
   */
  write(object: T, tookMs: number, cause?: ChangeCause): void {
    const now = nowOf(this.#context.clock);
    const sentAt = later(now.monotonic, -tookMs);
    if (!this.#recorder.isLeading) {
      if (this.#isStarted) this.#recorder.rememberWrite({ object, sentAt, at: now, cause });
      return;
    }
    const recorded = this.#recorder.write({ object, sentAt, at: now, cause });
    this.#commit(recorded);
    if (recorded.inconclusive) this.poller.pollNow();
    else this.poller.reschedule();
  }

  /** `cause`: why the next read may find a change. */
  pollNow(cause?: ChangeCause): void {
    this.#causes.expect(cause);
    this.poller.pollNow();
  }

  /** Releases the journal. The channel must not be acquired again. */
  forget(): void {
    this.#journal.forget?.();
  }

  onReadStart(): void {
    this.#readStartedOn = this.#context.clock.wallMs();
    this.#causes.onReadStart();
    this.#recorder.onReadStart();
  }

  onReadDone(objects: readonly T[]): { changed: boolean; inconclusive: boolean } {
    const asOf = this.uses.hasBackground ? this.#readStartedOn : undefined;
    const recorded = this.#recorder.read(objects, nowOf(this.#context.clock), { asOf, cause: this.#causes.current });
    this.publisher.list.invalidateSnapshot();
    this.#commit(recorded);
    return recorded;
  }

  onReadFailed(error: UpstreamError, failures: number): boolean {
    if (this.#isFresh && !endsSubscriptions(error, failures)) return true;
    const createError = this.#isFresh ? upstreamFailed(error, failures) : () => error;
    this.#stop(error);
    this.publisher.fail(createError, isRefusal(error));
    return false;
  }

  get hasPendingChanges(): boolean {
    return this.#recorder.hasPendingChanges;
  }

  nextExpiry(after: WallMs): WallMs | undefined {
    return this.#recorder.nextExpiry(after);
  }

  onRestored(snapshot: LogSnapshot<T>): void {
    this.#recorder.onRestored(this.#context.clock.monotonicMs());
    if (this.publisher.restore(snapshot)) return;
    // The stored log may be older than the published one, so new subscribers wait for a read.
    this.#isFresh = false;
    this.publisher.fail(logUnavailable('The event log has lost events that were sent.', 'REWOUND'));
  }

  lead(epoch: string): void {
    this.#guard(() => {
      const pendingWrites = this.#recorder.lead(epoch, this.publisher.list, this.#context.clock.monotonicMs());
      for (const recorded of pendingWrites) this.#commit(recorded);
    });
    this.#firstRead = this.#recorder.readsStarted + 1;
    this.#waiters.restartFrom(this.#firstRead);
    this.poller.start();
  }

  follow(): void {
    this.#recorder.follow();
    this.poller.stop();
    if (this.#waiters.pendingRequest !== undefined) this.#journal.requestRead(this.#waiters.addRequest());
  }

  onCommitted(batch: Batch<T>): void {
    const { records, read } = batch;
    let isOwn = false;
    this.#guard(() => {
      isOwn = this.#recorder.onStored(batch, this.#context.clock.monotonicMs());
      this.publisher.apply(batch, () => {
        // A subscriber that reads related data after a change must not get cached data from before it. Own writes
        // invalidate the cache themselves.
        if (records.length > 0 && (read !== undefined || !isOwn)) {
          this.#context.upstream.forget(this.principal, this.source.kind.changesLike);
        }
        if (isOwn && read !== undefined && this.#isStarted && read >= this.#firstRead) this.#isFresh = true;
      });
    });
    if (!isOwn || read === undefined) return;
    this.#waiters.onRead(read, this.fresh);
    this.#guard(() => this.#hooks.onRead());
  }

  onReadElsewhere(at: WallMs): void {
    if (!this.#isStarted || this.uses.isOutdated(at, () => this.#requestRead())) return;
    this.#isFresh = true;
    this.publisher.setObservedAt(at);
    this.poller.lastReadOn = at;
    this.#waiters.onFresh();
    this.#guard(() => this.#hooks.onRead());
  }

  onRequestCompleted(upTo: number): void {
    this.#waiters.onRequestCompleted(upTo);
  }

  readForOther(): Promise<void> {
    this.uses.onDemand();
    const read = this.#waiters.untilRead(this.#recorder.readsStarted + 1);
    this.poller.pollNow();
    return read;
  }

  get pendingRequest(): number | undefined {
    return this.#waiters.pendingRequest;
  }

  idOf(object: T): string | undefined {
    return this.source.kind.id(object);
  }

  get last(): LogOffset {
    return this.publisher.list.last;
  }

  get state(): LogState<T> {
    return this.publisher.list;
  }

  onFailed(error: Error): void {
    const end = logUnavailable(logUnreachable, 'UNREACHABLE', error);
    this.#stop(end(undefined));
    this.publisher.fail(end);
  }

  #start(): void {
    this.#isStarted = true;
    this.#firstRead = this.#recorder.readsStarted + 1;
    this.#hooks.onStart();
    const { clock, config } = this.#context;
    const bookmark = () => this.#guard(() => this.publisher.bookmark());
    this.#cancelBookmark = repeatEvery(clock, config.bookmarkMs, bookmark);
    for (const write of this.#hooks.recentWrites()) this.#recorder.rememberWrite(write);
    this.#journal.start();
  }

  /** Ends the run, and rejects callers that wait for a read with `reason`. */
  #stop(reason: Error): void {
    if (!this.#isStarted) return;
    this.#isStarted = false;
    this.#isFresh = false;
    this.poller.stop();
    this.#journal.stop();
    this.#cancelBookmark?.();
    this.#waiters.reject(reason);
    this.#hooks.onStop();
    this.uses.onStop(reason);
  }

  /** Here or in the process that leads. */
  #requestRead(): void {
    if (this.#recorder.isLeading) this.poller.pollNow();
    else this.#journal.requestRead(this.#waiters.addRequest());
  }

  /** An exception here would end the journal's own work, so it is reported instead. */
  #guard(work: () => void): void {
    this.#context.faults.guard(`publishing ${this.source.name}`, work);
  }

  #commit({ batch }: Recorded<T>): void {
    if (batch !== undefined) this.#journal.commit(batch);
  }
}
