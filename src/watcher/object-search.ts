import type { Principal } from '../principal/principal.ts';
import { type Clock, isNotFound, UpstreamError } from '../upstream/index.ts';
import type { Channel } from './channel.ts';
import type { ChannelGroup } from './channel-group.ts';
import { acquireUntil, type ChannelLease } from './channel-lease.ts';
import type { WatchContext } from './context.ts';
import { isEnded } from './kinds.ts';
import type { Subscription } from './subscription.ts';

/**
 * The result of a search: a channel, leased until all waiting subscriptions are attached, or an object in its final
 * state.
 */
export type Located<T> = { readonly channel: Channel<T>; readonly lease: ChannelLease } | { readonly final: T };

/** The search for one object, shared by all subscriptions that wait for it. */
interface Search<T> {
  readonly located: Promise<Located<T>>;
  readonly abort: AbortController;
  readonly waiting: Set<Subscription<T>>;
}

/**
 * The search for an object that the gateway has just written and AWS does not show yet is repeated after this time, in
 * ms.
 */
export const retryMs = 1_000;

/** The `reason` of the error for an object that one read shows, and the next does not. */
const notShownYet = 'NOT_SHOWN_YET';

/** Finds the channel for a subscription to one object: a list that holds it, or else a poll of the object by its id. */
export class ObjectSearch<T> {
  readonly #context: WatchContext;
  readonly #group: ChannelGroup<T>;
  readonly #searches = new Map<string, Search<T>>();

  constructor(context: WatchContext, group: ChannelGroup<T>) {
    this.#context = context;
    this.#group = group;
  }

  /**
   * Calls `use` with the result, whose lease lasts until `use` settles. Rejects with an `UpstreamError` when the object
   * does not exist. `fresh`: whether to skip the read cache.
   */
  async find<R>(
    principal: Principal,
    id: string,
    subscription: Subscription<T>,
    use: (located: Located<T>) => Promise<R>,
    { fresh = false } = {},
  ): Promise<R> {
    const search = this.#search(principal, id, fresh);
    search.waiting.add(subscription);
    const leave = () => {
      if (search.waiting.delete(subscription) && search.waiting.size === 0) search.abort.abort();
    };
    subscription.onEnd(leave);
    try {
      return await use(await search.located);
    } finally {
      leave();
    }
  }

  #search(principal: Principal, id: string, fresh: boolean): Search<T> {
    const key = `${principal.name}|${id}|${fresh}`;
    const running = this.#searches.get(key);
    if (running !== undefined && !running.abort.signal.aborted) return running;
    const abort = new AbortController();
    const located = this.#locate(principal, id, abort.signal, fresh);
    const search: Search<T> = { located, abort, waiting: new Set() };
    this.#searches.set(key, search);
    const forget = () => {
      if (this.#searches.get(key) === search) this.#searches.delete(key);
    };
    located.then(forget, forget);
    return search;
  }

  /** Repeats the search for an object that the gateway has just written until AWS's reads have settled. */
  async #locate(principal: Principal, id: string, signal: AbortSignal, fresh: boolean): Promise<Located<T>> {
    for (;;) {
      const isRecent = this.#group.recentWrites.has(principal, id);
      try {
        return await this.#locateOnce(principal, id, signal, fresh || isRecent);
      } catch (error) {
        const isLag = isNotFound(error) || (error instanceof UpstreamError && error.reason === notShownYet);
        if (signal.aborted || !isLag || !this.#group.recentWrites.has(principal, id)) throw error;
        await wait(this.#context.clock, retryMs, signal);
      }
    }
  }

  async #locateOnce(principal: Principal, id: string, signal: AbortSignal, fresh: boolean): Promise<Located<T>> {
    const { kind } = this.#group.single;
    const watched = this.#group.findChannelWith(principal, id);
    if (watched !== undefined) {
      const lease = acquireUntil(watched, signal);
      if (await this.#isCertain(watched, id, signal)) return { channel: watched, lease };
      lease.release();
    }
    const written = this.#group.recentWrites.get(principal, id);
    const found =
      written === undefined ? await this.#describeOrSee(principal, id, signal, fresh) : { object: written.object };
    if ('channel' in found) {
      const lease = acquireUntil(found.channel, signal);
      await this.#isCertain(found.channel, id, signal);
      return { channel: found.channel, lease };
    }
    if (isEnded(kind, found.object)) return { final: found.object };
    // Without an account id, the lists of both sides are scanned.
    const accountId = await principal.accountId().catch(() => undefined);
    for (const list of kind.listsOf(found.object, accountId)) {
      const channel = this.#group.list(principal, list);
      const lease = await this.#leaseIfShown(channel, id, signal);
      if (lease !== undefined) return { channel, lease };
    }
    const channel = this.#group.described(principal, id);
    const lease = await this.#leaseIfShown(channel, id, signal);
    if (lease !== undefined) return { channel, lease };
    // Throws AWS's exception if the object has gone meanwhile; otherwise the lists lag.
    const { operation, describe } = this.#group.single;
    await describe(this.#context.upstream.session(principal, { signal, fresh: true }), id);
    throw new UpstreamError(`${id} exists, but AWS's lists do not show it yet. Subscribe again.`, {
      code: 'UPSTREAM_BAD_RESPONSE',
      operation,
      reason: notShownYet,
      retryable: true,
    });
  }

  /**
   * Describes the object, unless a list that is read meanwhile shows it first: describes have the lowest rate limits.
   */
  async #describeOrSee(
    principal: Principal,
    id: string,
    signal: AbortSignal,
    fresh: boolean,
  ): Promise<{ readonly object: T } | { readonly channel: Channel<T> }> {
    const seen = new AbortController();
    const session = this.#context.upstream.session(principal, {
      signal: AbortSignal.any([signal, seen.signal]),
      fresh,
    });
    let stop = (): void => undefined;
    const sight = new Promise<{ readonly channel: Channel<T> }>((resolve) => {
      stop = this.#group.onObjectSeen(principal, id, (channel) => resolve({ channel }));
    });
    try {
      const described = this.#group.single.describe(session, id).then((object) => ({ object }));
      return await Promise.race([sight, described]);
    } finally {
      stop();
      seen.abort();
    }
  }

  /** Waits until the channel's version of the object is certain. Returns whether it shows the object then. */
  async #isCertain(channel: Channel<T>, id: string, signal: AbortSignal): Promise<boolean> {
    while (channel.isDoubtful(id) && !signal.aborted) await wait(this.#context.clock, retryMs, signal);
    return channel.fresh && channel.get(id) !== undefined;
  }

  /**
   * Returns a lease if a read that begins from now on shows the object; undefined if not, or if AWS refuses the list.
   */
  async #leaseIfShown(channel: Channel<T>, id: string, signal: AbortSignal): Promise<ChannelLease | undefined> {
    const lease = acquireUntil(channel, signal);
    try {
      await (channel.fresh ? lease.nextRead() : lease.ready());
      if (await this.#isCertain(channel, id, signal)) return lease;
    } catch (error) {
      lease.release();
      // If this principal may not read the list, another list or the describe may work. Transient failures are thrown.
      if (signal.aborted || !(error instanceof UpstreamError) || error.retryable) throw error;
    }
    lease.release();
    return undefined;
  }
}

/** Resolves after `ms`, or when the signal fires. */
export const wait = (clock: Clock, ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after(ms, done);
    signal.addEventListener('abort', done);
  });
