import type { Principal } from '../principal/principal.ts';
import type { UpstreamError } from '../upstream/index.ts';
import { Audience } from './audience.ts';
import type { Position } from './cursor.ts';
import { type EndOf, isLasting, logUnavailable, upstreamFailed } from './errors.ts';
import type { LogRecord, Place } from './event-log.ts';
import type { Batch, Journal, JournalReader, JournalStore, Kept, Sighted } from './journal.ts';
import { type Change, ListState } from './list-state.ts';
import { Poller, type PollTarget, type WatchContext } from './poller.ts';
import { ReadWaiters } from './read-waiters.ts';
import type { Source } from './sources.ts';
import type { Subscription } from './subscription.ts';
import type { WatchEvent } from './types.ts';
import { View } from './view.ts';

/** Keeps a channel going until it is released. */
export interface Hold {
  /** Resolves when what the channel knows is at most a poll interval old; rejects with the error that ended it. */
  ready(): Promise<void>;
  /** Resolves after a complete read that begins later than now; rejects likewise. */
  nextRead(): Promise<void>;
  /** May be called more than once. */
  release(): void;
}

export interface ChannelHooks {
  /** The first subscriber came. */
  onStart(): void;
  /** The last one left, or AWS gave the list no more. */
  onStop(): void;
  /** A read is complete, and told. */
  onRead(): void;
}

/** Failures in a row after which subscribers are told. */
const failuresToEnd = { lasting: 2, passing: 10 } as const;

/**
 * One watched list (or one described object) of one principal. Its poller (or another process's) reads the list; what that shows is compared
 * with what is known (`ListState`), the differences are numbered and go to the journal; what the journal has kept is told (`View`, `Audience`).
 */
export class Channel<T> implements PollTarget<T>, JournalReader<T> {
  readonly principal: Principal;
  readonly source: Source<T>;
  readonly #context: WatchContext;
  readonly #hooks: ChannelHooks;
  readonly #view: View<T>;
  readonly #audience: Audience<T>;
  readonly #journal: Journal<T>;
  readonly #poller: Poller<T>;
  readonly #waiters = new ReadWaiters();
  #state: ListState<T>;
  /** Whether others have added to the log, or something of ours was not kept, since `#state` was made. */
  #stateIsOld = false;
  /** Whether changes are numbered here, in this epoch. */
  #epoch: string | undefined;
  /** Number of the last change that went to the journal. */
  #numbered = 0;
  readonly #committing = new Set<Batch<T>>();
  #holds = 0;
  #started = false;
  #readsStarted = 0;
  /** The first read of the present run. */
  #firstRead = 1;
  /** Whether the present run has seen the whole list. */
  #fresh = false;
  #observedAt = 0;
  #cancelBookmark: (() => void) | undefined;

  constructor(
    context: WatchContext,
    principal: Principal,
    source: Source<T>,
    journals: JournalStore,
    hooks: ChannelHooks,
  ) {
    this.#context = context;
    this.principal = principal;
    this.source = source;
    this.#hooks = hooks;
    this.#state = new ListState(source.kind);
    this.#view = new View({ principal: principal.name, log: source.name }, context.config.keepEvents);
    this.#audience = new Audience(this.#view.events);
    this.#journal = journals.open(principal, source.name, this);
    this.#poller = new Poller(context, principal, source, this);
  }

  /** Whether somebody watches it. */
  get running(): boolean {
    return this.#started;
  }

  /** Whether it is read here. */
  get polling(): boolean {
    return this.#poller.running;
  }

  /** Whether it is watched, and what it knows is at most a poll interval old. */
  get fresh(): boolean {
    return this.#started && this.#fresh;
  }

  /** What is known of an object; nothing before the first complete read. */
  get(id: string): T | undefined {
    return this.#view.complete ? this.#view.get(id)?.object : undefined;
  }

  /** Whether a position lies in this log, and everything after it is still kept. */
  keeps(position: Position): boolean {
    return this.#missed(position) !== undefined;
  }

  acquire(): Hold {
    this.#holds += 1;
    if (!this.#started) this.#start();
    let released = false;
    return {
      ready: () => (this.fresh ? Promise.resolve() : this.#waiters.untilFresh()),
      nextRead: () => {
        const read = this.#waiters.untilRead(this.#readsStarted + 1);
        if (this.#epoch === undefined) this.#journal.ask(this.#waiters.ask());
        else this.#poller.nudge();
        return read;
      },
      release: () => {
        if (released) return;
        released = true;
        this.#holds -= 1;
        if (this.#holds === 0) this.#stop(new Error('The channel was stopped.'));
      },
    };
  }

  /** Feeds a subscriber to the whole list from now on. Needs a hold that is `ready`. */
  attachToList(subscription: Subscription<T>, scope: string, after: Position | undefined): void {
    if (subscription.ended) return;
    const missed = after && this.#missed(after);
    const events =
      missed?.map((record) => this.#view.events.change(record, scope)) ??
      this.#view.snapshot(scope, (id, sighted) => this.#seenAt(id, sighted.object) ?? sighted.observedAt);
    const wanted = events.filter(({ object }) => subscription.wants(object));
    subscription.begin([...wanted, this.#bookmark(scope, missed === undefined)]);
    this.#audience.add(scope, subscription);
  }

  /** Feeds a subscriber to one object; false when neither the state nor what was missed holds it. Needs a hold that is `ready`. */
  attachToObject(subscription: Subscription<T>, id: string, after: Position | undefined): boolean {
    if (subscription.ended) return true;
    const known = this.#view.get(id);
    const missed = after && this.#missed(after)?.filter((record) => record.id === id);
    const removed = missed?.at(-1)?.type === 'REMOVED';
    if (known === undefined && !removed) return false;
    const { events, last } = this.#view;
    const told: WatchEvent<T>[] = missed?.map((record) => events.change(record, id)) ?? [];
    if (missed === undefined && known !== undefined) {
      told.push(events.snapshot(last, id, known.object, this.#seenAt(id, known.object) ?? known.observedAt));
    }
    subscription.begin([...told, this.#bookmark(id, missed === undefined)]);
    if (removed || known === undefined || this.#isFinal(known.object)) subscription.complete();
    else this.#audience.add(id, subscription);
    return true;
  }

  /** Takes in what an own write of this principal answered, `tookMs` after it was sent; who leads elsewhere hears of it by itself. */
  write(object: T, tookMs: number): void {
    if (this.#epoch === undefined) return;
    const now = this.#context.clock.now();
    const { changes, inconclusive } = this.#state.applyWrite(object, now - tookMs, now);
    this.#commit(changes, undefined, now);
    if (inconclusive) this.#poller.nudge();
    else this.#poller.reconsider();
  }

  /** Makes the poller, if it runs, look at once. */
  nudge(): void {
    this.#poller.nudge();
  }

  readStarts(): void {
    this.#readsStarted += 1;
    this.#state.readStarts();
  }

  readDone(objects: readonly T[]): { changed: boolean; inconclusive: boolean } {
    const now = this.#context.clock.now();
    const { changes, inconclusive } = this.#state.applyRead(objects, now);
    this.#commit(changes, this.#readsStarted, now);
    return { changed: changes.length > 0, inconclusive };
  }

  readFailed(error: UpstreamError, failures: number): boolean {
    if (this.#fresh && failures < (isLasting(error) ? failuresToEnd.lasting : failuresToEnd.passing)) return true;
    this.#end(error, this.#fresh ? upstreamFailed(error, failures) : () => error);
    return false;
  }

  get restless(): boolean {
    return this.#state.restless;
  }

  nextExpiry(after: number): number | undefined {
    return this.#state.nextExpiry(after);
  }

  restored(kept: Kept<T>): void {
    const before = this.#view.last;
    this.#view.replace(kept);
    this.#stateIsOld = true;
    const missed = this.#view.since(before);
    if (missed !== undefined) {
      this.#tell(missed);
      return;
    }
    // What is kept may be older than what was told: whoever comes now waits for a read.
    this.#fresh = false;
    this.#failAll(logUnavailable('Where the events are kept, some that were told are lost.', 'REWOUND'));
  }

  lead(epoch: string): void {
    this.#epoch = epoch;
    if (this.#stateIsOld)
      this.#state = new ListState(this.source.kind, this.#view.complete ? this.#view.objects : undefined);
    this.#stateIsOld = false;
    this.#numbered = this.#view.last.sequence;
    this.#firstRead = this.#readsStarted + 1;
    this.#waiters.readFrom(this.#firstRead);
    this.#poller.start();
  }

  follow(): void {
    this.#epoch = undefined;
    this.#stateIsOld = true;
    this.#committing.clear();
    this.#poller.stop();
    if (this.#waiters.asking !== undefined) this.#journal.ask(this.#waiters.ask());
  }

  committed(batch: Batch<T>): void {
    const { records, read, at } = batch;
    const own = this.#committing.delete(batch);
    if (!own) this.#stateIsOld = true;
    this.#view.apply(batch);
    if (records.length > 0 || read !== undefined) this.#observedAt = at;
    // Who is told of a change, and then reads what goes with it, must not get that from before the change. (Own writes see to it themselves.)
    if (records.length > 0 && (read !== undefined || !own)) {
      this.#context.upstream.forget(this.principal, this.source.kind.changesLike);
    }
    if (own && read !== undefined && this.#started && read >= this.#firstRead) this.#fresh = true;
    this.#tell(records);
    if (!own || read === undefined) return;
    this.#waiters.read(read, this.fresh);
    this.#hooks.onRead();
  }

  readElsewhere(at: number): void {
    if (!this.#started) return;
    this.#fresh = true;
    this.#observedAt = at;
    this.#waiters.fresh();
    this.#hooks.onRead();
  }

  answered(upTo: number): void {
    this.#waiters.answered(upTo);
  }

  readForOther(): Promise<void> {
    const read = this.#waiters.untilRead(this.#readsStarted + 1);
    this.#poller.nudge();
    return read;
  }

  get asking(): number | undefined {
    return this.#waiters.asking;
  }

  get last(): Place {
    return this.#view.last;
  }

  get objects(): ReadonlyMap<string, Sighted<T>> | undefined {
    return this.#view.complete ? this.#view.objects : undefined;
  }

  failed(error: Error): void {
    const end = logUnavailable(`Where the events are kept is out of reach: ${error.message}.`, 'UNREACHABLE', error);
    this.#end(end(undefined), end);
  }

  #start(): void {
    this.#started = true;
    this.#firstRead = this.#readsStarted + 1;
    this.#hooks.onStart();
    this.#scheduleBookmark();
    this.#journal.start();
  }

  /** Ends the run; those that wait for a read of it hear why. */
  #stop(reason: Error): void {
    if (!this.#started) return;
    this.#started = false;
    this.#fresh = false;
    this.#poller.stop();
    this.#journal.stop();
    this.#cancelBookmark?.();
    this.#cancelBookmark = undefined;
    this.#waiters.reject(reason);
    this.#hooks.onStop();
  }

  #end(error: Error, endOf: EndOf): void {
    this.#stop(error);
    this.#failAll(endOf);
  }

  #failAll(endOf: EndOf): void {
    for (const subscription of this.#audience) subscription.fail(endOf);
  }

  /** Numbers the changes, and has the journal keep them and what goes with them. */
  #commit(changes: readonly Change<T>[], read: number | undefined, at: number): void {
    const epoch = this.#epoch;
    if (epoch === undefined) return;
    const records = changes.map((change): LogRecord<T> => {
      this.#numbered += 1;
      return { ...change, epoch, sequence: this.#numbered, at };
    });
    const patch = this.#state.takePatch();
    if (read !== undefined) this.#view.seenAgain();
    if (records.length === 0 && patch.size === 0 && read === undefined) return;
    const batch = { records, patch, read, at };
    this.#committing.add(batch);
    this.#journal.commit(batch);
  }

  #tell(records: readonly LogRecord<T>[]): void {
    if (records.length === 0) return;
    this.#audience.tell(records, ({ type, object }) => type === 'REMOVED' || this.#isFinal(object));
  }

  #missed(position: Position): readonly LogRecord<T>[] | undefined {
    return position.complete ? this.#view.since(position) : undefined;
  }

  #isFinal(object: T): boolean {
    return this.source.kind.isFinal(this.source.kind.state(object));
  }

  /** When the present poller last saw the object as it is told. */
  #seenAt(id: string, object: T): number | undefined {
    const known = this.#state.get(id);
    return known?.object === object ? known.observedAt : undefined;
  }

  #bookmark(scope: string, reset: boolean): WatchEvent<T> {
    return this.#view.events.bookmark(this.#view.last, scope, this.#observedAt, reset);
  }

  #scheduleBookmark(): void {
    this.#cancelBookmark = this.#context.clock.after(this.#context.config.bookmarkMs, () => {
      this.#scheduleBookmark();
      this.#audience.bookmark(this.#view.last, this.#observedAt);
    });
  }
}
