import type { Principal } from '../principal/principal.ts';
import { later, type MonotonicMs } from '../upstream/index.ts';
import { Channel } from './channel.ts';
import type { WatchContext } from './context.ts';
import { type JournalStore, type ObservedObject, unwatchedLogTtlMs } from './journal.ts';
import { describedName, describedSource, type SingleSource, type Source } from './kinds.ts';
import { nowOf } from './list-state.ts';
import { type AppliedWrite, RecentWrites } from './own-writes.ts';
import type { WatchedList } from './types.ts';

/**
 * The maximum number of channels without subscribers, which are kept for resuming subscribers. None is kept longer
 * than a log in a store (`unwatchedLogTtlMs`).
 */
const maxIdleChannels = 500;

interface SeenListener<T> {
  readonly principal: string;
  readonly id: string;
  onSeen(channel: Channel<T>): void;
}

/** All channels of one kind of object, of every principal. Channels are created on demand. */
export class ChannelGroup<T> {
  readonly single: SingleSource<T>;
  readonly recentWrites: RecentWrites<T>;
  readonly #context: WatchContext;
  readonly #journals: JournalStore;
  readonly #channels = new Map<string, Channel<T>>();
  /** When the last subscriber of a channel left, by key; the earliest first. */
  readonly #idle = new Map<string, MonotonicMs>();
  readonly #seenListeners = new Set<SeenListener<T>>();

  constructor(context: WatchContext, single: SingleSource<T>, journals: JournalStore) {
    this.#context = context;
    this.#journals = journals;
    this.single = single;
    this.recentWrites = new RecentWrites(context.clock, single.kind);
  }

  /** Returns the names of the logs that may hold events of one object. */
  logsOf(id: string): readonly string[] {
    return [...this.single.lists.map(({ name }) => name), describedName(id)];
  }

  list(principal: Principal, list: WatchedList): Channel<T> {
    const source = this.single.lists.find(({ name }) => name === list);
    if (source === undefined)
      throw new TypeError(
        `The list ${list} has no objects that ${this.single.operation} describes. Pass a list of the same kind.`,
      );
    return this.#channel(principal, source);
  }

  described(principal: Principal, id: string): Channel<T> {
    return this.#channel(principal, describedSource(this.single, id));
  }

  isList(channel: Channel<T>): boolean {
    return this.single.lists.includes(channel.source);
  }

  /** The channel of a log that may hold events of an object. */
  channelOfLog(principal: Principal, log: string, id: string): Channel<T> {
    const list = this.single.lists.find(({ name }) => name === log);
    return list === undefined ? this.described(principal, id) : this.#channel(principal, list);
  }

  /** Channels with subscribers, and idle ones that are kept. */
  channels(): Iterable<Channel<T>> {
    return this.#channels.values();
  }

  /** Returns a channel of this principal that has subscribers and knows the object. */
  findChannelWith(principal: Principal, id: string): Channel<T> | undefined {
    for (const log of this.logsOf(id)) {
      const channel = this.#channels.get(keyOf(principal, log));
      if (channel?.fresh && channel.get(id) !== undefined) return channel;
    }
    return undefined;
  }

  /** Applies the reply to a write in the channels of the principal that wrote. */
  applyWrite({ principal, tookMs, effect: { home }, cause }: AppliedWrite, object: T | undefined): void {
    const { kind } = this.single;
    const id = object === undefined ? undefined : kind.id(object);
    if (object === undefined || id === undefined) return;
    const now = nowOf(this.#context.clock);
    const channels = [...this.channels()].filter((channel) => channel.principal.name === principal);
    /** Whether a read that ended after the write was sent shows another version. */
    const hasChanged = (seen: ObservedObject<T> | undefined) =>
      seen !== undefined && seen.observedAt >= now.date - tookMs && !kind.isSameVersion(seen.object, object);
    const write = { object, home, sentAt: later(now.monotonic, -tookMs), at: now, cause };
    this.recentWrites.add(principal, id, write, !channels.some(({ state }) => hasChanged(state.objects?.get(id))));
    for (const channel of channels) {
      if (channel.source.name === home || channel.get(id) !== undefined) channel.write(object, tookMs, cause);
    }
  }

  /** Calls `onSeen` when a read shows the object in a channel of this principal. Returns a function that stops it. */
  onObjectSeen(principal: Principal, id: string, onSeen: (channel: Channel<T>) => void): () => void {
    const listener = { principal: principal.name, id, onSeen };
    this.#seenListeners.add(listener);
    return () => this.#seenListeners.delete(listener);
  }

  #channel(principal: Principal, source: Source<T>): Channel<T> {
    const key = keyOf(principal, source.name);
    this.#forgetIdle();
    const existing = this.#channels.get(key);
    if (existing !== undefined) return existing;
    const channel: Channel<T> = new Channel<T>(this.#context, principal, source, this.#journals, {
      onStart: () => this.#idle.delete(key),
      onStop: () => this.#markIdle(key),
      onRead: () => this.#notifySeen(channel),
      recentWrites: () => this.recentWrites.ofLog(principal, source.name),
    });
    this.#channels.set(key, channel);
    return channel;
  }

  #markIdle(key: string): void {
    this.#idle.set(key, this.#context.clock.monotonicMs());
    this.#forgetIdle();
  }

  #forgetIdle(): void {
    const oldest = later(this.#context.clock.monotonicMs(), -unwatchedLogTtlMs);
    for (const [key, since] of this.#idle) {
      if (since > oldest && this.#idle.size <= maxIdleChannels) return;
      this.#idle.delete(key);
      this.#channels.get(key)?.forget();
      this.#channels.delete(key);
    }
  }

  #notifySeen(channel: Channel<T>): void {
    for (const { principal, id, onSeen } of [...this.#seenListeners]) {
      if (principal === channel.principal.name && channel.get(id) !== undefined) onSeen(channel);
    }
  }
}

const keyOf = (principal: Principal, log: string) => `${principal.name}|${log}`;
