import type { Principal } from '../principal/principal.ts';
import { UpstreamError } from '../upstream/index.ts';
import type { Channel, Hold } from './channel.ts';
import type { ChannelGroup } from './channel-group.ts';
import { decodeCursorOf, type Position } from './cursor.ts';
import { isLasting } from './errors.ts';
import { EventMaker } from './event-log.ts';
import { newEpoch } from './journal.ts';
import type { WatchContext } from './poller.ts';
import { describedName } from './sources.ts';
import type { Subscription } from './subscription.ts';

/** Where an object was found: in a channel, held until all who waited are attached; or in its final state, with nothing left to watch. */
type Located<T> = { readonly channel: Channel<T>; readonly hold: Hold } | { readonly final: T };

/** The search for one object, shared by all who wait for it. */
interface Search<T> {
  readonly located: Promise<Located<T>>;
  readonly abort: AbortController;
  waiting: number;
}

/** Feeds subscriptions to single objects from the lists that hold them; an object that no list shows is polled by its id. */
export class SingleObjects<T> {
  readonly #context: WatchContext;
  readonly #group: ChannelGroup<T>;
  readonly #searches = new Map<string, Search<T>>();

  constructor(context: WatchContext, group: ChannelGroup<T>) {
    this.#context = context;
    this.#group = group;
  }

  /** Rejects with an `UpstreamError` when there is no such object, and with a `WatchError` for a cursor from elsewhere. */
  async open(
    subscription: Subscription<T>,
    principal: Principal,
    id: string,
    after: string | undefined,
  ): Promise<void> {
    if (after !== undefined) {
      const expected = { principal: principal.name, logs: this.#group.logsOf(id), scope: id };
      if (await this.#resume(subscription, principal, id, decodeCursorOf(after, expected))) return;
    }
    while (!subscription.ended) {
      if (await this.#join(subscription, principal, id)) return;
    }
  }

  /** From the log that the cursor lies in; false when that keeps it no longer. */
  async #resume(subscription: Subscription<T>, principal: Principal, id: string, position: Position): Promise<boolean> {
    const channel = this.#group.existing(principal, position.log);
    if (channel === undefined || !channel.keeps(position)) return false;
    const known = channel.get(id);
    if (known !== undefined && this.#isFinal(known)) return channel.attachToObject(subscription, id, position);
    const hold = channel.acquire();
    subscription.onEnd(hold.release);
    try {
      await hold.ready();
    } catch (error) {
      if (subscription.ended || !isLasting(error)) throw error;
      return false;
    }
    const attached = channel.attachToObject(subscription, id, position);
    if (!attached) hold.release();
    return attached;
  }

  /** From wherever the object is found; false when it went away while the subscriber was on its way there. */
  async #join(subscription: Subscription<T>, principal: Principal, id: string): Promise<boolean> {
    const search = this.#search(principal, id);
    search.waiting += 1;
    let left = false;
    const leave = () => {
      if (left) return;
      left = true;
      search.waiting -= 1;
      if (search.waiting === 0) search.abort.abort();
    };
    subscription.onEnd(leave);
    try {
      const located = await search.located;
      if ('final' in located) {
        this.#tellFinal(subscription, principal, id, located.final);
        return true;
      }
      const hold = located.channel.acquire();
      subscription.onEnd(hold.release);
      await hold.ready();
      const attached = located.channel.attachToObject(subscription, id, undefined);
      if (!attached) hold.release();
      return attached;
    } finally {
      leave();
    }
  }

  #search(principal: Principal, id: string): Search<T> {
    const key = `${principal.name}|${id}`;
    const running = this.#searches.get(key);
    if (running !== undefined && !running.abort.signal.aborted) return running;
    const abort = new AbortController();
    const located = this.#locate(principal, id, abort.signal);
    const search = { located, abort, waiting: 0 };
    this.#searches.set(key, search);
    const forget = () => {
      if (this.#searches.get(key) === search) this.#searches.delete(key);
    };
    located.then(forget, forget);
    return search;
  }

  async #locate(principal: Principal, id: string, signal: AbortSignal): Promise<Located<T>> {
    const { kind } = this.#group.single;
    const holder = this.#group.holderOf(principal, id);
    if (holder !== undefined) return { channel: holder, hold: acquireUntil(holder, signal) };
    const found = await this.#describeOrSee(principal, id, signal);
    if ('channel' in found) return { channel: found.channel, hold: acquireUntil(found.channel, signal) };
    if (this.#isFinal(found.object)) return { final: found.object };
    // Without an account id both sides' lists are looked into.
    const accountId = await principal.accountId().catch(() => undefined);
    for (const list of kind.listsOf(found.object, accountId)) {
      const channel = this.#group.list(principal, list);
      const hold = await this.#holdIfShown(channel, id, signal);
      if (hold !== undefined) return { channel, hold };
    }
    const channel = this.#group.described(principal, id);
    const hold = await this.#holdIfShown(channel, id, signal);
    if (hold !== undefined) return { channel, hold };
    const { operation } = this.#group.single;
    throw new UpstreamError(`${id} was there and is gone. Subscribe again.`, {
      code: 'UPSTREAM_BAD_RESPONSE',
      operation,
      retryable: true,
    });
  }

  /** Asks AWS for the object by its id, unless a list read for somebody else shows it first: describes are rationed most tightly. */
  async #describeOrSee(
    principal: Principal,
    id: string,
    signal: AbortSignal,
  ): Promise<{ readonly object: T } | { readonly channel: Channel<T> }> {
    const seen = new AbortController();
    const session = this.#context.upstream.session(principal, { signal: AbortSignal.any([signal, seen.signal]) });
    let stop = (): void => undefined;
    const sight = new Promise<{ readonly channel: Channel<T> }>((resolve) => {
      stop = this.#group.onSight(principal, id, (channel) => resolve({ channel }));
    });
    try {
      const described = this.#group.single.describe(session, id).then((object) => ({ object }));
      return await Promise.race([sight, described]);
    } finally {
      stop();
      seen.abort();
    }
  }

  /** A hold on the channel when a read that begins from now on shows the object; undefined when it does not, or AWS refuses the list. */
  async #holdIfShown(channel: Channel<T>, id: string, signal: AbortSignal): Promise<Hold | undefined> {
    const hold = acquireUntil(channel, signal);
    try {
      await (channel.fresh ? hold.nextRead() : hold.ready());
      if (channel.get(id) !== undefined) return hold;
    } catch (error) {
      hold.release();
      // Another list, or the describe, may do where this principal may not read a list; a passing failure would pass there too.
      if (signal.aborted || !(error instanceof UpstreamError) || error.retryable) throw error;
    }
    hold.release();
    return undefined;
  }

  #tellFinal(subscription: Subscription<T>, principal: Principal, id: string, object: T): void {
    const events = new EventMaker({ principal: principal.name, log: describedName(id) });
    const place = { epoch: newEpoch(), sequence: 0 };
    const now = this.#context.clock.now();
    subscription.begin([events.snapshot(place, id, object, now), events.bookmark(place, id, now, true)]);
    subscription.complete();
  }

  #isFinal(object: T): boolean {
    const { kind } = this.#group.single;
    return kind.isFinal(kind.state(object));
  }
}

const acquireUntil = <T>(channel: Channel<T>, signal: AbortSignal): Hold => {
  const hold = channel.acquire();
  if (signal.aborted) hold.release();
  else signal.addEventListener('abort', hold.release, { once: true });
  return hold;
};
