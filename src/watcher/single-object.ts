import type { Principal } from '../principal/principal.ts';
import { isNotFound, UpstreamError } from '../upstream/index.ts';
import type { Channel } from './channel.ts';
import type { ChannelGroup } from './channel-group.ts';
import { acquireFor, type ChannelLease } from './channel-lease.ts';
import type { WatchContext } from './context.ts';
import { decodeCursorOf, type Position } from './cursor.ts';
import { DescribedObjects } from './described-objects.ts';
import { type CreateEndError, isPermanent, unconfirmedRemoval } from './errors.ts';
import { EventFactory } from './event-log.ts';
import type { Handover } from './event-publisher.ts';
import { type LogRecord, newEpoch } from './journal.ts';
import { describedName, isEnded } from './kinds.ts';
import { type Located, ObjectSearch, retryMs, wait } from './object-search.ts';
import type { Subscription } from './subscription.ts';

/**
 * Feeds subscriptions to single objects from the lists that hold them. An object that no list shows is polled by its
 * id.
 */
export class SingleObjects<T> {
  readonly #context: WatchContext;
  readonly #group: ChannelGroup<T>;
  readonly #searches: ObjectSearch<T>;
  readonly #described: DescribedObjects<T>;

  constructor(context: WatchContext, group: ChannelGroup<T>) {
    this.#context = context;
    this.#group = group;
    this.#searches = new ObjectSearch(context, group);
    this.#described = new DescribedObjects(context, group);
  }

  /**
   * Rejects with an `UpstreamError` when the object does not exist, and with a `WatchError` for another subscription's
   * cursor.
   */
  async open(
    subscription: Subscription<T>,
    principal: Principal,
    id: string,
    after: string | undefined,
  ): Promise<void> {
    if (after !== undefined) {
      const expected = { principal: principal.name, logs: this.#group.logsOf(id), scope: id };
      const position = await decodeCursorOf(this.#context.cursorKeys, after, expected);
      if (subscription.ended) return;
      if (position !== undefined && (await this.#resume(subscription, principal, id, position))) return;
    }
    while (!subscription.ended) {
      if (await this.#join(subscription, principal, id)) return;
    }
  }

  /** Resumes from the cursor's log. Returns false when that log no longer has the object. */
  async #resume(subscription: Subscription<T>, principal: Principal, id: string, position: Position): Promise<boolean> {
    const channel = this.#group.channelOfLog(principal, position.log, id);
    const known = channel.get(id);
    if (known !== undefined && isEnded(this.#group.single.kind, known) && channel.publisher.canResume(position)) {
      return channel.publisher.attachToObject(subscription, id, position);
    }
    const lease = acquireFor(channel, subscription);
    try {
      await lease.ready();
    } catch (error) {
      if (subscription.ended || !isPermanent(error)) throw error;
      return false;
    }
    const isList = this.#group.isList(channel);
    const canAttach =
      isList && channel.publisher.hasRemoved(id, position)
        ? await this.#isRemoved(subscription, principal, id)
        : // Polling by id is the last resort, so a subscriber that has missed too much searches for a list first.
          isList || channel.publisher.canResume(position);
    if (canAttach) return this.#attach(channel, subscription, id, lease, position);
    lease.release();
    return false;
  }

  /**
   * Whether AWS does not show the object by its id either, or refuses the describe. Rejects when the describe fails
   * otherwise.
   */
  async #isRemoved(subscription: Subscription<T>, principal: Principal, id: string): Promise<boolean> {
    const abort = new AbortController();
    subscription.onEnd(() => abort.abort());
    const session = this.#context.upstream.session(principal, { signal: abort.signal, fresh: true });
    try {
      await this.#group.single.describe(session, id);
      return false;
    } catch (error) {
      if (isNotFound(error) || isPermanent(error)) return true;
      throw error;
    }
  }

  /** Searches the object and attaches the subscriber. Returns false when the object has gone meanwhile. */
  #join(subscription: Subscription<T>, principal: Principal, id: string): Promise<boolean> {
    return this.#searches.find(principal, id, subscription, async (located) => {
      if ('final' in located) {
        this.#sendFinal(subscription, principal, id, located.final);
        return true;
      }
      const { channel } = located;
      const lease = acquireFor(channel, subscription);
      await lease.ready();
      return this.#attach(channel, subscription, id, lease, undefined);
    });
  }

  /**
   * Called when AWS refuses a subscriber's list: it continues from another channel that has the object, or ends.
   * `sent`: the object in its last event.
   */
  async #continueOrFail(
    subscription: Subscription<T>,
    principal: Principal,
    id: string,
    sent: T,
    createError: CreateEndError,
  ): Promise<void> {
    const isContinued = await this.#continueElsewhere(subscription, principal, id, sent).catch(() => false);
    // The reason of the refusal is more useful than that of the failed search.
    if (!isContinued) subscription.fail(createError);
  }

  /**
   * Called when a subscriber's list no longer shows the object. If AWS still shows it by its id, the subscriber
   * continues from there; else REMOVED is its last event, even if AWS refuses the describe.
   */
  async #confirmRemoval(channel: Channel<T>, subscription: Subscription<T>, record: LogRecord<T>): Promise<void> {
    const { id, object } = record;
    const abort = new AbortController();
    subscription.onEnd(() => abort.abort());
    try {
      while (!subscription.ended) {
        if (await this.#continueElsewhere(subscription, channel.principal, id, object, { fresh: true })) return;
        await wait(this.#context.clock, retryMs, abort.signal);
      }
    } catch (error) {
      if (isNotFound(error) || isPermanent(error)) channel.publisher.endWithRemoval(subscription, record);
      else if (error instanceof UpstreamError) subscription.fail(unconfirmedRemoval(id, error));
      else throw error;
    }
  }

  /**
   * Returns false when the channel that was found has an older state of the object. Rejects when AWS does not show it.
   */
  #continueElsewhere(
    subscription: Subscription<T>,
    principal: Principal,
    id: string,
    sent: T,
    options?: { readonly fresh: boolean },
  ): Promise<boolean> {
    const continueFrom = async (located: Located<T>): Promise<boolean> => {
      if ('final' in located) {
        const events = this.#eventFactoryFor(principal, id);
        const change = { type: 'CHANGED', id, previousState: this.#group.single.kind.state(sent) } as const;
        const offset = { epoch: newEpoch(), sequence: 0, at: this.#context.clock.wallMs() };
        subscription.push(events.change({ ...change, ...offset, object: located.final }, id), {});
        subscription.complete();
        return true;
      }
      const { channel } = located;
      const lease = acquireFor(channel, subscription);
      await lease.ready();
      // The other list's last read may be older than the subscriber's last event.
      if (this.#group.isList(channel)) await lease.nextRead();
      return this.#attachMoved(channel, subscription, id, lease, sent);
    };
    return this.#searches.find(principal, id, subscription, continueFrom, options);
  }

  #attach(
    channel: Channel<T>,
    subscription: Subscription<T>,
    id: string,
    lease: ChannelLease,
    position: Position | undefined,
  ): boolean {
    const attached = channel.publisher.attachToObject(
      subscription,
      id,
      position,
      this.#handover(channel, subscription, id, lease),
    );
    return this.#finishAttach(attached, channel, subscription, id, lease);
  }

  #attachMoved(channel: Channel<T>, subscription: Subscription<T>, id: string, lease: ChannelLease, sent: T): boolean {
    const attached = channel.publisher.attachMoved(
      subscription,
      id,
      sent,
      this.#handover(channel, subscription, id, lease),
    );
    return this.#finishAttach(attached, channel, subscription, id, lease);
  }

  #finishAttach(
    attached: boolean,
    channel: Channel<T>,
    subscription: Subscription<T>,
    id: string,
    lease: ChannelLease,
  ): boolean {
    if (!attached) lease.release();
    else if (!subscription.ended && !this.#group.isList(channel)) {
      this.#described.add(channel, id, subscription, lease, (list, moved, listLease, sent) => {
        this.#attachMoved(list, moved, id, listLease, sent);
      });
    }
    return attached;
  }

  /** Only lists hand over: a described object has no other source, so a refused describe ends its subscriptions. */
  #handover(
    channel: Channel<T>,
    subscription: Subscription<T>,
    id: string,
    lease: ChannelLease,
  ): Handover<T> | undefined {
    if (!this.#group.isList(channel)) return undefined;
    return {
      onRefused: (createError) => {
        lease.release();
        const sent = channel.get(id);
        if (sent === undefined) subscription.fail(createError);
        else
          this.#continueOrFail(subscription, channel.principal, id, sent, createError).catch(() =>
            subscription.fail(createError),
          );
      },
      onRemoved: (record) => {
        this.#confirmRemoval(channel, subscription, record)
          .catch((error: unknown) => {
            this.#context.faults.report(error, `confirming the removal of ${id}`);
            subscription.fail(() => (error instanceof Error ? error : new Error(String(error))));
          })
          .finally(lease.release);
      },
    };
  }

  #sendFinal(subscription: Subscription<T>, principal: Principal, id: string, object: T): void {
    const events = this.#eventFactoryFor(principal, id);
    const offset = { epoch: newEpoch(), sequence: 0 };
    const now = this.#context.clock.wallMs();
    subscription.begin([events.snapshot(offset, id, object, now), events.bookmark(offset, id, now, true)]);
    subscription.complete();
  }

  #eventFactoryFor(principal: Principal, id: string): EventFactory {
    return new EventFactory({ principal: principal.name, log: describedName(id) }, this.#context.cursorKeys);
  }
}
