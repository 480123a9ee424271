import type { Principal } from '../principal/principal.ts';
import { later, type UpstreamError, type WallMs } from '../upstream/index.ts';
import { type ChannelLease, ReadWaiters } from './channel-lease.ts';
import type { WatchContext } from './context.ts';
import { endsSubscriptions, isRefusal, logUnavailable, logUnreachable, upstreamFailed } from './errors.ts';
import { EventFactory } from './event-log.ts';
import { EventPublisher } from './event-publisher.ts';
import type { Batch, Journal, JournalReader, JournalStore, LogOffset, LogSnapshot, ObservedObject } from './journal.ts';
import { isEnded, type Source } from './kinds.ts';
import { nowOf } from './list-state.ts';
import type { RecentWrite } from './own-writes.ts';
import { Poller, type PollTarget } from './poller.ts';
import { type Recorded, Recorder } from './recorder.ts';

export interface ChannelHooks<T> {
  /** The first subscriber came. */
  onStart(): void;
  /** The last one left, or AWS gave the list no more. */
  onStop(): void;
  /** A read is complete, and its changes are published. */
  onRead(): void;
  /** Own writes of the last seconds that the list may not show yet. */
  recentWrites(): readonly RecentWrite<T>[];
}

/**
 * One watched list (or one described object) of one principal, while it is leased. Its poller (or another process's)
 * reads the list; `Recorder` numbers the changes for the journal, and `EventPublisher` publishes what the journal has kept.
 */
export class Channel<T> implements PollTarget<T>, JournalReader<T> {
  readonly principal: Principal;
  readonly source: Source<T>;
  readonly #context: WatchContext;
  readonly #hooks: ChannelHooks<T>;
  readonly #recorder: Recorder<T>;
  /** Needs a lease that is `ready`. */
  readonly publisher: EventPublisher<T>;
  readonly #journal: Journal<T>;
  readonly #poller: Poller<T>;
  readonly #waiters = new ReadWaiters();
  readonly #leases = new Set<ChannelLease>();
  #isStarted = false;
  /** The first read of the present run. */
  #firstRead = 1;
  /** Whether the present run has seen the whole list. */
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

  /** Whether it is read here. */
  get polling(): boolean {
    return this.#poller.running;
  }

  /** How late the poller is, in ms; undefined where it is not, or the list is read elsewhere. Without its poller a list that is to be read here is late. */
  get overdueMs(): number | undefined {
    if (!this.#isStarted || !this.#recorder.isLeading) return undefined;
    return this.#poller.running ? this.#poller.overdueMs : Number.POSITIVE_INFINITY;
  }

  get isOverdue(): boolean {
    return this.overdueMs !== undefined;
  }

  /** Whether it is watched, and what it knows is at most a poll interval old. */
  get fresh(): boolean {
    return this.#isStarted && this.#isFresh;
  }

  /** What is known of an object; nothing before the first complete read. */
  get(id: string): T | undefined {
    return this.objects?.get(id)?.object;
  }

  /** Whether another log may have published a newer version of the object. */
  isDoubtful(id: string): boolean {
    return this.fresh && this.#recorder.isDoubtful(id);
  }

  /** Whether it knows one of these objects in a state that may still change. */
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

  /** Takes in what an own write of this principal answered, `tookMs` after it was sent; who leads elsewhere hears of it by itself. */
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

  /** Makes the poller, if it runs, look at once. */
  pollNow(): void {
    this.#poller.pollNow();
  }

  /** It will not be acquired any more. */
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
    // The stored log may be older than the published one: new subscribers wait for a read.
    this.#isFresh = false;
    this.publisher.fail(logUnavailable('Some events that were published are lost where they are kept.', 'REWOUND'));
  }

  lead(epoch: string): void {
    this.#guard(() => {
      const pendingWrites = this.#recorder.lead(epoch, this, this.#context.clock.monotonicMs());
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
        // A subscriber that receives a change, and then reads what goes with it, must not get that from before the change. (Own writes see to it themselves.)
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

  get objects(): ReadonlyMap<string, ObservedObject<T>> | undefined {
    return this.publisher.list.objects;
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

  /** Ends the run; those that wait for a read of it hear why. */
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

  /** The journal calls from where no exception may go: it would end its work, and not only this. */
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
