import type { Principal } from '../principal/principal.ts';
import { later, type MonotonicMs } from '../upstream/index.ts';
import { Channel } from './channel.ts';
import type { WatchContext } from './context.ts';
import { type JournalStore, keptUnwatchedMs, type ObservedObject } from './journal.ts';
import { describedName, describedSource, type SingleSource, type Source } from './kinds.ts';
import { nowOf } from './list-state.ts';
import { type AppliedWrite, RecentWrites } from './own-writes.ts';
import type { WatchedList } from './types.ts';

/**
 * Channels without subscribers are kept for those that come back; the longest unwatched goes first. None is kept
 * longer than a log in a store (`keptUnwatchedMs`).
 */
const keptIdle = 500;

interface Sighting<T> {
  readonly principal: string;
  readonly id: string;
  found(channel: Channel<T>): void;
}

/** All channels of one kind of object, of every principal, each made when it is first asked for. */
export class ChannelGroup<T> {
  readonly single: SingleSource<T>;
  readonly recentWrites: RecentWrites<T>;
  readonly #context: WatchContext;
  readonly #journals: JournalStore;
  readonly #channels = new Map<string, Channel<T>>();
  /** Since when they have had no subscriber; the earliest first. */
  readonly #idle = new Map<string, MonotonicMs>();
  readonly #sightings = new Set<Sighting<T>>();

  constructor(context: WatchContext, single: SingleSource<T>, journals: JournalStore) {
    this.#context = context;
    this.#journals = journals;
    this.single = single;
    this.recentWrites = new RecentWrites(context.clock, single.kind);
  }

  /** Names of the logs that may tell of one object. */
  logsOf(id: string): readonly string[] {
    return [...this.single.lists.map(({ name }) => name), describedName(id)];
  }

  list(principal: Principal, list: WatchedList): Channel<T> {
    const source = this.single.lists.find(({ name }) => name === list);
    if (source === undefined) throw new TypeError(`${this.single.operation} tells of nothing that ${list} holds.`);
    return this.#channel(principal, source);
  }

  described(principal: Principal, id: string): Channel<T> {
    return this.#channel(principal, describedSource(this.single, id));
  }

  isList(channel: Channel<T>): boolean {
    return this.single.lists.includes(channel.source);
  }

  /** The channel of a log that may tell of an object. */
  ofLog(principal: Principal, log: string, id: string): Channel<T> {
    const list = this.single.lists.find(({ name }) => name === log);
    return list === undefined ? this.described(principal, id) : this.#channel(principal, list);
  }

  /** Those that are watched or kept. */
  channels(): Iterable<Channel<T>> {
    return this.#channels.values();
  }

  /** A channel of this principal that knows the object, and is watched. */
  holderOf(principal: Principal, id: string): Channel<T> | undefined {
    for (const log of this.logsOf(id)) {
      const channel = this.#channels.get(keyOf(principal, log));
      if (channel?.fresh && channel.get(id) !== undefined) return channel;
    }
    return undefined;
  }

  /** Applies what a write answered, in the channels of the principal that wrote. */
  applyWrite({ principal, tookMs, effect: { home } }: AppliedWrite, object: T | undefined): void {
    const { kind } = this.single;
    const id = object === undefined ? undefined : kind.id(object);
    if (object === undefined || id === undefined) return;
    const now = nowOf(this.#context.clock);
    const channels = [...this.channels()].filter((channel) => channel.principal.name === principal);
    /** Whether a read that ended after the write was sent shows another version. */
    const hasChanged = (seen: ObservedObject<T> | undefined) =>
      seen !== undefined && seen.observedAt >= now.date - tookMs && !kind.isSameVersion(seen.object, object);
    const write = { object, home, sentAt: later(now.monotonic, -tookMs), at: now };
    this.recentWrites.add(principal, id, write, !channels.some(({ objects }) => hasChanged(objects?.get(id))));
    for (const channel of channels) {
      if (channel.source.name === home || channel.get(id) !== undefined) channel.write(object, tookMs);
    }
  }

  /** Calls `found` when a read shows the object in a channel of this principal. Returns the way to stop. */
  onSight(principal: Principal, id: string, found: (channel: Channel<T>) => void): () => void {
    const sighting = { principal: principal.name, id, found };
    this.#sightings.add(sighting);
    return () => this.#sightings.delete(sighting);
  }

  #channel(principal: Principal, source: Source<T>): Channel<T> {
    const key = keyOf(principal, source.name);
    this.#forgetIdle();
    const existing = this.#channels.get(key);
    if (existing !== undefined) return existing;
    const channel: Channel<T> = new Channel<T>(this.#context, principal, source, this.#journals, {
      onStart: () => this.#idle.delete(key),
      onStop: () => this.#keep(key),
      onRead: () => this.#look(channel),
      recentWrites: () => this.recentWrites.ofLog(principal, source.name),
    });
    this.#channels.set(key, channel);
    return channel;
  }

  #keep(key: string): void {
    this.#idle.set(key, this.#context.clock.monotonicMs());
    this.#forgetIdle();
  }

  #forgetIdle(): void {
    const tooOld = later(this.#context.clock.monotonicMs(), -keptUnwatchedMs);
    for (const [key, since] of this.#idle) {
      if (since > tooOld && this.#idle.size <= keptIdle) return;
      this.#idle.delete(key);
      this.#channels.get(key)?.forget();
      this.#channels.delete(key);
    }
  }

  #look(channel: Channel<T>): void {
    for (const { principal, id, found } of [...this.#sightings]) {
      if (principal === channel.principal.name && channel.get(id) !== undefined) found(channel);
    }
  }
}

const keyOf = (principal: Principal, log: string) => `${principal.name}|${log}`;
