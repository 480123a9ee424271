import type { Principal } from '../principal/principal.ts';
import type { UpstreamError } from '../upstream/index.ts';
import type { Position } from './cursor.ts';
import { isLasting, upstreamFailed } from './errors.ts';
import { bookmarkEvent, type Entry, EventLog, newLogIdentity, snapshotEvent } from './event-log.ts';
import { type Change, ListState } from './list-state.ts';
import { Poller, type PollTarget, type WatchContext } from './poller.ts';
import type { Source } from './sources.ts';
import type { Subscription } from './subscription.ts';
import type { WatchEvent } from './types.ts';

/** Keeps a channel's poller going until it is released. */
export interface Hold {
  /** Resolves when what the channel knows is at most a poll interval old; rejects with the error that ended the poller. */
  ready(): Promise<void>;
  /** Resolves after a complete read that begins later than now; rejects likewise. */
  nextRead(): Promise<void>;
  /** May be called more than once. */
  release(): void;
}

interface ReadWaiter {
  /** Number of the first read that will do. */
  readonly from: number;
  resolve(): void;
  reject(error: Error): void;
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

/** One watched list (or one described object) of one principal: its state, its log, its poller and its subscribers. */
export class Channel<T> implements PollTarget<T> {
  readonly principal: Principal;
  readonly source: Source<T>;
  readonly #context: WatchContext;
  readonly #hooks: ChannelHooks;
  readonly #state: ListState<T>;
  readonly #log: EventLog<T>;
  readonly #poller: Poller<T>;
  readonly #listSubscriptions = new Set<Subscription<T>>();
  readonly #objectSubscriptions = new Map<string, Set<Subscription<T>>>();
  readonly #waiters = new Set<ReadWaiter>();
  /** Counts publications, each of which tells its changes at once. */
  #batch = 0;
  #holds = 0;
  #readsStarted = 0;
  /** Whether the present run of the poller has completed a read. */
  #fresh = false;
  #observedAt = 0;
  #snapshot: readonly WatchEvent<T>[] | undefined;
  #cancelBookmark: (() => void) | undefined;

  constructor(context: WatchContext, principal: Principal, source: Source<T>, hooks: ChannelHooks) {
    this.#context = context;
    this.principal = principal;
    this.source = source;
    this.#hooks = hooks;
    this.#state = new ListState(source.kind);
    this.#log = new EventLog(newLogIdentity(principal.name, source.name), context.config.keepEvents);
    this.#poller = new Poller(context, principal, source, this);
  }

  get running(): boolean {
    return this.#poller.running;
  }

  /** Whether it is watched, and what it knows is at most a poll interval old. */
  get fresh(): boolean {
    return this.running && this.#fresh;
  }

  /** What is known of an object; nothing before the first complete read. */
  get(id: string): T | undefined {
    return this.#state.complete ? this.#state.get(id)?.object : undefined;
  }

  /** Whether a position lies in this log, and everything after it is still kept. */
  keeps(position: Position): boolean {
    return this.#missed(position) !== undefined;
  }

  /** Starts the poller when it is the first. */
  acquire(): Hold {
    this.#holds += 1;
    if (!this.running) this.#start();
    let released = false;
    return {
      ready: () => (this.fresh ? Promise.resolve() : this.#readFrom(1)),
      nextRead: () => {
        this.#poller.nudge();
        return this.#readFrom(this.#readsStarted + 1);
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
  attachToList(subscription: Subscription<T>, after: Position | undefined): void {
    if (subscription.ended) return;
    const missed = after === undefined ? undefined : this.#missed(after);
    const events = missed?.map(({ event }) => event) ?? this.#snapshotOfAll();
    subscription.begin([...events.filter(({ object }) => subscription.wants(object)), this.#bookmark('')]);
    this.#listSubscriptions.add(subscription);
    subscription.onEnd(() => this.#listSubscriptions.delete(subscription));
  }

  /** Feeds a subscriber to one object; false when neither the state nor what was missed holds it. Needs a hold that is `ready`. */
  attachToObject(subscription: Subscription<T>, id: string, after: Position | undefined): boolean {
    if (subscription.ended) return true;
    const known = this.#state.get(id);
    const missed = after === undefined ? undefined : this.#missed(after)?.filter((entry) => entry.id === id);
    const removed = missed?.at(-1)?.event.type === 'REMOVED';
    if (known === undefined && !removed) return false;
    const last = this.#log.last;
    const events =
      missed?.map((entry) => this.#log.scoped(entry)) ??
      (known === undefined ? [] : [snapshotEvent(this.#log.identity, last, id, known.object, known.observedAt)]);
    subscription.begin([...events, this.#bookmark(id)]);
    if (removed || known === undefined || this.#isFinal(known.object)) {
      subscription.complete();
      return true;
    }
    const others = this.#objectSubscriptions.get(id) ?? new Set();
    this.#objectSubscriptions.set(id, others.add(subscription));
    subscription.onEnd(() => {
      others.delete(subscription);
      if (others.size === 0 && this.#objectSubscriptions.get(id) === others) this.#objectSubscriptions.delete(id);
    });
    return true;
  }

  /** Takes in what an own write of this principal answered, `tookMs` after it was sent. */
  write(object: T, tookMs: number): void {
    const now = this.#context.clock.now();
    const { changes, inconclusive } = this.#state.applyWrite(object, now - tookMs, now);
    this.#publish(changes, now);
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
    this.#fresh = true;
    this.#observedAt = now;
    this.#snapshot = undefined;
    // Who is told of a change, and then reads what goes with it, must not get that from before the change.
    if (changes.length > 0) this.#context.upstream.forget(this.principal, this.source.kind.changesLike);
    this.#publish(changes, now);
    for (const waiter of [...this.#waiters]) {
      if (waiter.from > this.#readsStarted) continue;
      this.#waiters.delete(waiter);
      waiter.resolve();
    }
    this.#hooks.onRead();
    return { changed: changes.length > 0, inconclusive };
  }

  readFailed(error: UpstreamError, failures: number): boolean {
    if (!this.#fresh) {
      this.#end(error, () => error);
      return false;
    }
    if (failures < (isLasting(error) ? failuresToEnd.lasting : failuresToEnd.passing)) return true;
    this.#end(error, upstreamFailed(error, failures));
    return false;
  }

  get restless(): boolean {
    return this.#state.restless;
  }

  nextExpiry(after: number): number | undefined {
    return this.#state.nextExpiry(after);
  }

  #start(): void {
    this.#readsStarted = 0;
    this.#hooks.onStart();
    this.#poller.start();
    this.#scheduleBookmark();
  }

  /** Ends the run; those that wait for a read of it hear why. */
  #stop(reason: Error): void {
    if (!this.running) return;
    this.#poller.stop();
    this.#cancelBookmark?.();
    this.#cancelBookmark = undefined;
    this.#fresh = false;
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    for (const { reject } of waiters) reject(reason);
    this.#hooks.onStop();
  }

  #end(error: UpstreamError, endOf: (cursor: string | undefined) => Error): void {
    this.#stop(error);
    for (const subscription of this.#subscriptions()) subscription.fail(endOf);
  }

  *#subscriptions(): Iterable<Subscription<T>> {
    yield* [...this.#listSubscriptions];
    for (const subscriptions of [...this.#objectSubscriptions.values()]) yield* [...subscriptions];
  }

  #readFrom(from: number): Promise<void> {
    return new Promise((resolve, reject) => this.#waiters.add({ from, resolve, reject }));
  }

  #missed(position: Position): readonly Entry<T>[] | undefined {
    const { epoch } = this.#log.identity;
    return position.epoch === epoch && position.complete ? this.#log.since(position.sequence) : undefined;
  }

  #isFinal(object: T): boolean {
    return this.source.kind.isFinal(this.source.kind.state(object));
  }

  /** Numbers the changes and tells them to everybody. */
  #publish(changes: readonly Change<T>[], at: number): void {
    this.#batch += 1;
    for (const change of changes) {
      this.#snapshot = undefined;
      this.#observedAt = at;
      const entry = this.#log.append(change, at);
      for (const subscription of this.#listSubscriptions) subscription.push(entry.event, this.#batch);
      const subscriptions = this.#objectSubscriptions.get(change.id);
      if (subscriptions === undefined) continue;
      const event = this.#log.scoped(entry);
      const last = change.type === 'REMOVED' || this.#isFinal(change.object);
      for (const subscription of [...subscriptions]) {
        subscription.push(event, this.#batch);
        if (last) subscription.complete();
      }
    }
  }

  /** One array for all who come between two changes. */
  #snapshotOfAll(): readonly WatchEvent<T>[] {
    this.#snapshot ??= Array.from(this.#state.values(), ({ object, observedAt }) =>
      snapshotEvent(this.#log.identity, this.#log.last, '', object, observedAt),
    );
    return this.#snapshot;
  }

  #bookmark(scope: string): WatchEvent<T> {
    return bookmarkEvent(this.#log.identity, this.#log.last, scope, this.#observedAt);
  }

  #scheduleBookmark(): void {
    this.#cancelBookmark = this.#context.clock.after(this.#context.config.bookmarkMs, () => {
      this.#scheduleBookmark();
      // Who has something to read has a fresher cursor coming anyway.
      const bookmark = this.#bookmark('');
      for (const subscription of this.#listSubscriptions)
        if (subscription.idle) subscription.push(bookmark, this.#batch);
      for (const [id, subscriptions] of this.#objectSubscriptions) {
        const scoped = this.#bookmark(id);
        for (const subscription of subscriptions) if (subscription.idle) subscription.push(scoped, this.#batch);
      }
    });
  }
}
