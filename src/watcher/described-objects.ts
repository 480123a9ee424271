import { later, type MonotonicMs } from '../upstream/index.ts';
import type { Channel } from './channel.ts';
import type { ChannelGroup } from './channel-group.ts';
import { acquireFor, acquireUntil, type ChannelLease } from './channel-lease.ts';
import type { WatchContext } from './context.ts';
import type { LogOffset } from './journal.ts';
import { progressBetween } from './kinds.ts';
import { settleMs } from './list-state.ts';
import { isSameOffset } from './log-offset.ts';
import type { Subscription } from './subscription.ts';

/** Lists that do not show an object are scanned again after this time, when AWS's lists have settled, in ms. */
const firstScanMs = settleMs;
/** The time doubles after each scan, up to this, in ms. */
const maxScanMs = 15 * 60_000;

/** Moves a subscriber, whose last event has the version `sent`, to a list that `lease` keeps running. */
export type MoveToList<T> = (list: Channel<T>, subscription: Subscription<T>, lease: ChannelLease, sent: T) => void;

/** One object that is polled by its id, and its subscriptions. */
class DescribedObject<T> {
  readonly #context: WatchContext;
  readonly #group: ChannelGroup<T>;
  readonly #channel: Channel<T>;
  readonly #id: string;
  readonly #moveToList: MoveToList<T>;
  readonly #subscriptions = new Map<Subscription<T>, ChannelLease>();
  readonly #stopWatching: () => void;
  readonly #reportFault = (error: unknown) => this.#context.faults.report(error, `scanning lists for ${this.#id}`);
  #cancelScan: () => void;
  #moveInFlight: AbortController | undefined;
  /** The last published change, and when this process learned of it. */
  #published: { readonly last: LogOffset; readonly at: MonotonicMs };

  constructor(
    context: WatchContext,
    group: ChannelGroup<T>,
    channel: Channel<T>,
    id: string,
    moveToList: MoveToList<T>,
  ) {
    this.#context = context;
    this.#group = group;
    this.#channel = channel;
    this.#id = id;
    this.#moveToList = moveToList;
    this.#published = { last: channel.last, at: context.clock.monotonicMs() };
    this.#stopWatching = group.onObjectSeen(channel.principal, id, (by) => this.#onSeen(by));
    this.#cancelScan = this.#scanAfter(firstScanMs);
  }

  /** Whether its last subscriber has left. */
  get ended(): boolean {
    return this.#subscriptions.size === 0;
  }

  add(subscription: Subscription<T>, lease: ChannelLease): void {
    this.#subscriptions.set(subscription, lease);
  }

  remove(subscription: Subscription<T>): void {
    if (!this.#subscriptions.delete(subscription) || !this.ended) return;
    this.#stopWatching();
    this.#cancelScan();
    this.#moveInFlight?.abort();
  }

  #onSeen(channel: Channel<T>): void {
    this.#updatePublished();
    if (channel !== this.#channel) this.#tryToMove(channel).catch(this.#reportFault);
  }

  #updatePublished(): void {
    const { last } = this.#channel;
    if (isSameOffset(last, this.#published.last)) return;
    this.#published = { last, at: this.#context.clock.monotonicMs() };
  }

  #scanAfter(ms: number): () => void {
    return this.#context.clock.after(ms, () => this.#scanAndReschedule(Math.min(2 * ms, maxScanMs)));
  }

  /**
   * Scans the lists without subscribers, and schedules the next scan. Lists with subscribers report the object by
   * themselves.
   */
  #scanAndReschedule(nextMs: number): void {
    this.#scanLists()
      .catch(this.#reportFault)
      .then(() => {
        if (!this.ended) this.#cancelScan = this.#scanAfter(nextMs);
      });
  }

  async #scanLists(): Promise<void> {
    const { principal } = this.#channel;
    const object = this.#channel.get(this.#id);
    const accountId = await principal.accountId().catch(() => undefined);
    for (const name of object === undefined ? [] : this.#group.single.kind.listsOf(object, accountId)) {
      const list = this.#group.list(principal, name);
      if (!this.ended && !list.fresh) await this.#tryToMove(list);
    }
  }

  /**
   * Moves all subscribers to the list, if a read that begins from now on shows the published version or a later state.
   */
  async #tryToMove(list: Channel<T>): Promise<void> {
    if (this.#moveInFlight !== undefined) return;
    const moving = new AbortController();
    this.#moveInFlight = moving;
    try {
      const lease = acquireUntil(list, moving.signal);
      await lease.ready();
      if (!this.#canMove(list)) return;
      const { last } = this.#published;
      await lease.nextRead();
      // A version that was published meanwhile may be newer than the list's.
      if (this.#canMove(list) && this.#published.last === last) this.#move(list);
    } catch {
      // The list is refused or fails: polling by id continues, and a later scan tries again.
    } finally {
      moving.abort();
      this.#moveInFlight = undefined;
    }
  }

  #canMove(list: Channel<T>): boolean {
    this.#updatePublished();
    const { kind } = this.#group.single;
    const [published, shown] = [this.#channel.get(this.#id), list.get(this.#id)];
    if (this.ended || published === undefined || shown === undefined || list.isDoubtful(this.#id)) return false;
    if (kind.isSameVersion(published, shown)) return true;
    const further = progressBetween(kind, published, shown) ?? 0;
    // Of two versions in the same or in unknown states, the list's may be the older one until AWS's lists, and writes
    // made meanwhile, have settled.
    return further === 0 ? this.#context.clock.monotonicMs() >= later(this.#published.at, 2 * settleMs) : further > 0;
  }

  #move(list: Channel<T>): void {
    const published = this.#channel.get(this.#id);
    if (published === undefined) return;
    for (const [subscription, lease] of [...this.#subscriptions]) {
      // Acquired first, so that the list keeps running.
      const next = acquireFor(list, subscription);
      this.remove(subscription);
      this.#channel.publisher.detach(subscription, this.#id);
      this.#moveToList(list, subscription, next, published);
      lease.release();
    }
  }
}

/** Objects that are polled by their ids until a list shows them. */
export class DescribedObjects<T> {
  readonly #context: WatchContext;
  readonly #group: ChannelGroup<T>;
  readonly #objects = new Map<Channel<T>, DescribedObject<T>>();

  constructor(context: WatchContext, group: ChannelGroup<T>) {
    this.#context = context;
    this.#group = group;
  }

  /**
   * Scans lists for the object of this subscriber, which `channel` feeds and `lease` keeps running, and moves it to one
   * that shows it.
   */
  add(
    channel: Channel<T>,
    id: string,
    subscription: Subscription<T>,
    lease: ChannelLease,
    moveToList: MoveToList<T>,
  ): void {
    let object = this.#objects.get(channel);
    if (object === undefined || object.ended) {
      object = new DescribedObject(this.#context, this.#group, channel, id, moveToList);
      this.#objects.set(channel, object);
    }
    const described = object;
    described.add(subscription, lease);
    subscription.onEnd(() => {
      described.remove(subscription);
      if (described.ended && this.#objects.get(channel) === described) this.#objects.delete(channel);
    });
  }
}
