import type { Principal } from '../principal/principal.ts';
import { later, type UpstreamError, type WallMs } from '../upstream/index.ts';
import { type ChannelLease, ReadWaiters } from './channel-lease.ts';
import type { WatchContext } from './context.ts';
import { endsSubscriptions, isRefusal, logUnavailable, logUnreachable, upstreamFailed } from './errors.ts';
import { EventFactory } from './event-log.ts';
import { EventPublisher } from './event-publisher.ts';
import type { Batch, Journal, JournalReader, JournalStore, LogOffset, LogSnapshot, LogState } from './journal.ts';
import { isEnded, type Source } from './kinds.ts';
import { nowOf } from './list-state.ts';
import type { RecentWrite } from './own-writes.ts';
import { Poller, type PollTarget } from './poller.ts';
import { type Recorded, Recorder } from './recorder.ts';

export interface ChannelHooks<T> {
  /** Called when the first subscriber arrives. */
  onStart(): void;
  /** Called when the last subscriber leaves, or AWS refuses the list. */
  onStop(): void;
  /** Called after a complete read, when its changes are published. */
  onRead(): void;
  /** Returns own writes that the list may not show yet. */
  recentWrites(): readonly RecentWrite<T>[];
}

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
  readonly #poller: Poller<T>;
  readonly #waiters = new ReadWaiters();
  readonly #leases = new Set<ChannelLease>();
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
    this.publisher = new EventPublisher({
      events: new EventFactory({ principal: principal.name, log: source.name }, context.cursorKeys),
      kind: source.kind,
      keepEvents: context.config.keepEvents,
      seenAt: (id, object) => this.#recorder.seenAt(id, object),
    });
    this.#journal = journals.open(principal, source.name, this);
    this.#poller = new Poller(context, principal, source, this);
  }

  /** Whether it has subscribers. */
  get running(): boolean {
    return this.#isStarted;
  }

  /** Whether this process polls the list. */
  get polling(): boolean {
    return this.#poller.running;
  }

  /**
   * How late the poller is, in ms. Undefined when it is not late, or another process polls. Infinite when this process
   * should poll and has no poller.
   */
  get overdueMs(): number | undefined {
    if (!this.#isStarted || !this.#recorder.isLeading) return undefined;
    return this.#poller.running ? this.#poller.overdueMs : Number.POSITIVE_INFINITY;
  }

  get isOverdue(): boolean {
    return this.overdueMs !== undefined;
  }

  /** Whether the channel has subscribers and its state is at most a poll interval old. */
  get fresh(): boolean {
    return this.#isStarted && this.#isFresh;
  }

  /** Returns the published version of an object; undefined before the first complete read. */
  get(id: string): T | undefined {
    return this.publisher.list.objects?.get(id)?.object;
  }

  /** Whether another log may have published a newer version of the object. */
  isDoubtful(id: string): boolean {
    return this.fresh && this.#recorder.isDoubtful(id);
  }

  /** Whether one of these objects is known in a state that may still change. */
  hasPending(ids: readonly string[]): boolean {
    const known = ids.flatMap((id) => this.get(id) ?? []);
    return known.some((object) => !isEnded(this.source.kind, object));
  }

  acquire(): ChannelLease {
    const lease: ChannelLease = {
      ready: () => (this.fresh ? Promise.resolve() : this.#waiters.untilFresh()),
      nextRead: () => {
        const read = this.#waiters.untilRead(this.#recorder.readsStarted + 1);
        if (this.#recorder.isLeading) this.#poller.pollNow();
        else this.#journal.ask(this.#waiters.ask());
        return read;
      },
      release: () => {
        if (this.#leases.delete(lease) && this.#leases.size === 0) this.#stop(new Error('The channel was stopped.'));
      },
    };
    this.#leases.add(lease);
    if (!this.#isStarted) this.#start();
    return lease;
  }

  /**
   * Applies the reply to an own write of this principal, `tookMs` after it was sent. A leader elsewhere receives it by
   * the relay.
   */
  write(object: T, tookMs: number): void {
    const now = nowOf(this.#context.clock);
    const sentAt = later(now.monotonic, -tookMs);
    if (!this.#recorder.isLeading) {
      if (this.#isStarted) this.#recorder.rememberWrite(object, sentAt, now);
      return;
    }
    const recorded = this.#recorder.write(object, sentAt, now);
    this.#commit(recorded);
    if (recorded.inconclusive) this.#poller.pollNow();
    else this.#poller.reschedule();
  }

  pollNow(): void {
    this.#poller.pollNow();
  }

  /** Releases the journal. The channel must not be acquired again. */
  forget(): void {
    this.#journal.forget?.();
  }

  onReadStart(): void {
    this.#recorder.onReadStart();
  }

  onReadDone(objects: readonly T[]): { changed: boolean; inconclusive: boolean } {
    const recorded = this.#recorder.read(objects, nowOf(this.#context.clock));
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
    this.#poller.start();
  }

  follow(): void {
    this.#recorder.follow();
    this.#poller.stop();
    if (this.#waiters.pendingAsk !== undefined) this.#journal.ask(this.#waiters.ask());
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
    if (!this.#isStarted) return;
    this.#isFresh = true;
    this.publisher.setObservedAt(at);
    this.#waiters.onFresh();
    this.#guard(() => this.#hooks.onRead());
  }

  onAnswered(upTo: number): void {
    this.#waiters.onAnswered(upTo);
  }

  readForOther(): Promise<void> {
    const read = this.#waiters.untilRead(this.#recorder.readsStarted + 1);
    this.#poller.pollNow();
    return read;
  }

  get pendingAsk(): number | undefined {
    return this.#waiters.pendingAsk;
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
    this.#scheduleBookmark();
    for (const { object, sentAt, at } of this.#hooks.recentWrites()) this.#recorder.rememberWrite(object, sentAt, at);
    this.#journal.start();
  }

  /** Ends the run, and rejects callers that wait for a read with `reason`. */
  #stop(reason: Error): void {
    if (!this.#isStarted) return;
    this.#isStarted = false;
    this.#isFresh = false;
    this.#poller.stop();
    this.#journal.stop();
    this.#cancelBookmark?.();
    this.#cancelBookmark = undefined;
    this.#waiters.reject(reason);
    this.#hooks.onStop();
  }

  /** An exception here would end the journal's own work, so it is reported instead. */
  #guard(work: () => void): void {
    this.#context.faults.guard(`publishing ${this.source.name}`, work);
  }

  #commit({ batch }: Recorded<T>): void {
    if (batch !== undefined) this.#journal.commit(batch);
  }

  #scheduleBookmark(): void {
    this.#cancelBookmark = this.#context.clock.after(this.#context.config.bookmarkMs, () => {
      this.#scheduleBookmark();
      this.#guard(() => this.publisher.bookmark());
    });
  }
}
