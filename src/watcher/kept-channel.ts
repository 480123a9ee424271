import type { MonotonicMs, UpstreamError, WallMs } from '../upstream/index.ts';
import { ReadWaiters } from './channel-lease.ts';
import type { WatchContext } from './context.ts';
import { createPublisher } from './create-publisher.ts';
import { endsSubscriptions, logUnavailable, logUnreachable, upstreamFailed } from './errors.ts';
import type { EventPublisher } from './event-publisher.ts';
import type { Batch, Change, Journal, JournalReader, LogOffset, LogSnapshot, LogState } from './journal.ts';
import type { KeptChannelOptions } from './kept-channel-options.ts';
import { KeptRecorder, type RecordOptions } from './kept-recorder.ts';
import type { KeptState } from './kept-state.ts';
import { nowOf } from './list-state.ts';
import type { ListWrite } from './list-writes.ts';
import { type PartPage, PartReader } from './part-reader.ts';
import { ReplyStatus } from './reply-status.ts';
import { SharedStrings } from './shared-strings.ts';
import {
  decodeProgress,
  encodeProgress,
  ProgressDecoder,
  type SharedFailure,
  type SweepProgress,
} from './sweep-progress.ts';
import type { PartialRead } from './sweep-types.ts';
import { Sweeper, type SweepTarget } from './sweeper.ts';
import { WriteVerifier } from './write-verifier.ts';

/** A failed journal is started again after this time, in ms. */
const restartMs = 30_000;

/**
 * One list of the copy of an organization. Its sweeper (or another process's) reads the list page by page,
 * `KeptRecorder` numbers the changes for the journal, and `EventPublisher` publishes the stored changes.
 */
export class KeptChannel<T> implements JournalReader<T>, SweepTarget<T> {
  readonly options: KeptChannelOptions<T>;
  readonly publisher: EventPublisher<T>;
  readonly #context: WatchContext;
  readonly #recorder: KeptRecorder<T>;
  readonly #journal: Journal<T>;
  readonly #sweeper: Sweeper<T>;
  readonly #writes: WriteVerifier<T>;
  readonly #waiters = new ReadWaiters();
  #cancelRestart: (() => void) | undefined;
  #isStarted = false;
  #isEnabled = false;
  /** Whether the list was read since the start, by this process or another one. */
  isVerified = false;
  /** Whether the stored log was loaded. */
  isLoaded = false;
  readonly replies = new ReplyStatus();
  readonly #decoder = new ProgressDecoder();

  constructor(options: KeptChannelOptions<T>) {
    this.options = options;
    const { context, principal, sweep, log, journals, lists, maxAgeMs, share, rank, onShortfall } = options;
    this.#context = context;
    const logName = { principal: principal.name, log };
    this.publisher = createPublisher(context, logName, sweep.kind, () => this.publisher.list.asOf);
    const { list } = this.publisher;
    list.onChange((changes) => this.#guard(() => options.onChange(changes)));
    this.#recorder = new KeptRecorder(sweep, list, new SharedStrings(lists));
    const { upstream, clock, random, faults, pacers } = context;
    const onReply = (error: UpstreamError | undefined) => this.#onReply(error);
    const reader = new PartReader({ upstream, clock, random, faults, principal, pacers, share, onReply });
    this.#sweeper = new Sweeper({ context, sweep, lists, reader, target: this, maxAgeMs, share, rank, onShortfall });
    this.#writes = new WriteVerifier(clock, {
      isLeading: () => this.isLeading,
      applyWrite: (write) => this.#commit(this.#recorder.applyWrite(write, write.at), { cause: write.cause }),
      isChangedSince: (write) => this.#recorder.isChangedSince(write),
      request: (part) => this.request(part),
      onVerified: () => this.#commit([]),
    });
    this.#journal = journals.open(principal, log, this);
  }

  start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    this.#journal.start();
  }

  /** Lets this process read the list when it leads. */
  enable(): void {
    if (this.#isEnabled) return;
    this.#isEnabled = true;
    if (this.#recorder.isLeading) this.#startSweeper();
  }

  /** Ends timers, calls and the lease. The channel must not be started again. */
  release(): void {
    // The parts that are done since the last page are not read again.
    if (this.#sweeper.running) void this.#commit([]);
    this.#stop(new Error('The copy of the organization was released.'));
    this.#journal.forget?.();
  }

  get sweeper(): Sweeper<T> {
    return this.#sweeper;
  }

  get isLeading(): boolean {
    return this.#recorder.isLeading;
  }

  /** Why AWS's last reply to the process that leads was no success. */
  get failure(): SharedFailure | undefined {
    return this.isLeading ? this.replies.failure : this.sharedProgress.failure;
  }

  get sharedProgress(): SweepProgress {
    if (this.isLeading) return this.#progress;
    return this.#decoder.decode(this.publisher.list.progress);
  }

  get changedAt(): WallMs | undefined {
    return this.#writes.changedAt(this.publisher.list.asOf);
  }

  /** Starts a sweep, here or in the process that leads. */
  refresh(): void {
    if (this.#sweeper.running) void this.#sweeper.refresh();
    else if (this.#isStarted && !this.isLeading) this.#journal.requestRead(this.#waiters.addRequest());
  }

  /** Resolves after a read of a part, or of the whole list, that begins from now on. Rejects when it fails. */
  request(part: PartialRead<T> | undefined): Promise<void> {
    return part === undefined ? this.#sweeper.refresh() : this.#sweeper.request(part);
  }

  /** An object of another list was removed. */
  onRemovedElsewhere(id: string): void {
    if (this.#sweeper.running && this.options.sweep.isOrphan !== undefined) this.#sweeper.removeOrphansOf(id);
  }

  /** Applies an own write of the principal. Another process that leads receives it by the relay. */
  applyWrite(write: ListWrite<T>): void {
    if (this.#isStarted) this.#guard(() => this.#writes.add(write));
  }

  // The callbacks of the sweeper.

  get known(): KeptState<T> {
    return this.#recorder.state;
  }

  onPage({ objects, sentAt }: PartPage<T>, touches: boolean, cause?: RecordOptions['cause']): Promise<void> {
    return this.#commit(this.known.applyPage(objects, sentAt, nowOf(this.#context.clock), touches), { cause });
  }

  onGone(ids: readonly string[], sentAt: MonotonicMs, cause?: RecordOptions['cause']): Promise<void> {
    const now = nowOf(this.#context.clock);
    const changes = ids.flatMap((id) => this.known.remove(id, sentAt, now) ?? []);
    return changes.length === 0 ? Promise.resolve() : this.#commit(changes, { cause });
  }

  onComplete(): Promise<void> {
    // A list without parts has no replies.
    this.#onReply(undefined);
    return this.#commit([], { isComplete: true });
  }

  onAged(): void {
    void this.#commit([]);
  }

  onRefused(error: UpstreamError): void {
    this.replies.onRefused(error);
    void this.#commit([]);
    this.options.onRead();
  }

  // The callbacks of the journal.

  onRestored(snapshot: LogSnapshot<T>): void {
    this.#guard(() => {
      const before = this.last;
      if (this.publisher.restore(snapshot)) this.options.onStored(before, this.publisher.list.since(before) ?? []);
      else this.options.onLost(logUnavailable('The event log has lost events that were sent.', 'REWOUND'), false);
    });
  }

  lead(epoch: string): void {
    this.isLoaded = true;
    this.#guard(() => {
      this.#recorder.lead(epoch, this.last);
      this.replies.reset(undefined);
      if (this.#isEnabled) this.#startSweeper();
      this.#writes.lead();
    });
  }

  follow(): void {
    this.isLoaded = true;
    this.#sweeper.stop();
    this.#writes.follow();
    this.#recorder.follow();
    if (this.#isStarted && this.pendingRequest !== undefined) this.#journal.requestRead(this.#waiters.addRequest());
  }

  onCommitted(batch: Batch<T>): void {
    this.#guard(() => {
      const isOwn = this.#recorder.onStored(batch, nowOf(this.#context.clock));
      const { list } = this.publisher;
      const before = list.last;
      this.publisher.apply(batch, () => {
        const { records, read } = batch;
        // A subscriber that reads related data after a change must not get cached data from before it.
        if (records.length > 0)
          this.#context.upstream.forget(this.options.principal, this.options.sweep.kind.changesLike);
        if (isOwn && read !== undefined) this.isVerified = true;
      });
      if (!isOwn && batch.progress !== undefined) this.#writes.onAnnounced(this.sharedProgress.writes ?? []);
      this.options.onStored(before, batch.records);
      if (list.objects === undefined && batch.patch.size > 0) this.options.onPartial();
      if (batch.read !== undefined) this.options.onRead();
    });
  }

  onReadElsewhere(): void {
    this.isVerified = true;
    this.#guard(() => this.options.onRead());
  }

  onRequestCompleted(upTo: number): void {
    this.#waiters.onRequestCompleted(upTo);
  }

  readForOther(): Promise<void> {
    return this.#sweeper.refresh();
  }

  get pendingRequest(): number | undefined {
    return this.#waiters.pendingRequest;
  }

  get last(): LogOffset {
    return this.publisher.list.last;
  }

  idOf(object: T): string | undefined {
    return this.options.sweep.kind.id(object);
  }

  get state(): LogState<T> {
    return this.publisher.list;
  }

  get isOverdue(): boolean {
    return this.#sweeper.isOverdue;
  }

  onFailed(error: Error): void {
    this.#stop(error);
    this.replies.reset(error);
    this.isLoaded = false;
    this.isVerified = false;
    this.options.onLost(logUnavailable(logUnreachable, 'UNREACHABLE', error), true);
    this.#cancelRestart = this.#context.clock.after(restartMs, () => this.start());
  }

  #startSweeper(): void {
    const { list } = this.publisher;
    this.#sweeper.start(decodeProgress(list.progress), list.objects && list.asOf);
    // The list on which all others depend is verified at once: they are not read before.
    if (this.options.sweep.dependsOn.length === 0) this.refresh();
  }

  #stop(reason: Error): void {
    this.#cancelRestart?.();
    this.#isStarted = false;
    this.#sweeper.stop(reason);
    this.#writes.follow();
    this.#journal.stop();
    this.#recorder.follow();
    this.#waiters.reject(reason);
  }

  get #progress(): SweepProgress {
    return { ...this.#sweeper.progress, failure: this.replies.failure, writes: this.#writes.announced };
  }

  /** Stores changes and the progress. `isComplete`: whether the list was read completely. */
  #commit(changes: readonly Change<T>[], { isComplete = false, cause }: Partial<RecordOptions> = {}): Promise<void> {
    const progress = encodeProgress(this.#progress);
    const asOf = isComplete || this.publisher.list.objects !== undefined ? this.#sweeper.asOf : undefined;
    const batch = this.#recorder.record(changes, { isComplete, progress, asOf, cause }, nowOf(this.#context.clock));
    return batch === undefined ? Promise.resolve() : this.#recorder.store(batch, (each) => this.#journal.commit(each));
  }

  #onReply(error: UpstreamError | undefined): void {
    if (error !== undefined && endsSubscriptions(error, this.replies.failures + 1))
      this.#guard(() => this.options.onLost(upstreamFailed(error, this.replies.failures + 1), false));
    // The next page stores that there is no failure any more.
    if (!this.replies.onReply(error)) return;
    void this.#commit([]);
    this.options.onRead();
  }

  /** An exception here would end the journal's own work, so it is reported instead. */
  #guard(work: () => void): void {
    this.#context.faults.guard(`publishing ${this.options.log}`, work);
  }
}
