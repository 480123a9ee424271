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

/** Feeds subscriptions to single objects from the lists that hold them; an object that no list shows is polled by its id, until one does. */
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

  /** Rejects with an `UpstreamError` when there is no such object, and with a `WatchError` for a cursor from elsewhere. */
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

  /** From the log that the cursor lies in; false when that does not tell of the object any more. */
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
        : // A describe is for where no list can tell: a subscriber that has missed too much looks for one.
          isList || channel.publisher.canResume(position);
    if (canAttach) return this.#attach(channel, subscription, id, lease, position);
    lease.release();
    return false;
  }

  /**
   * Whether AWS, asked for the object by its id, does not show it either, or does not say. Rejects when it cannot be
   * asked now.
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

  /** From wherever the object is found; false when it went away while the subscriber was on its way there. */
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
   * What feeds a subscriber is refused: it goes on from wherever else the object is found, or ends. `sent`: the
   * object in its last event.
   */
  async #continueOrFail(
    subscription: Subscription<T>,
    principal: Principal,
    id: string,
    sent: T,
    createError: CreateEndError,
  ): Promise<void> {
    const isContinued = await this.#continueElsewhere(subscription, principal, id, sent).catch(() => false);
    // Why it was refused says more than why there is nothing else.
    if (!isContinued) subscription.fail(createError);
  }

  /**
   * The list that feeds a subscriber does not show the object any more. Where AWS still shows it by its id the
   * subscriber goes on from there; else REMOVED is its last event, also where AWS refuses to describe the object.
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

  /** False when all that shows the object shows an older state of it. Rejects when AWS does not show it. */
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
      // What another list has shown so far may be older than what the subscriber has received.
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

  /** A describe that is refused is the end: it is there because no list could. What it does not show is gone. */
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
            this.#context.faults.report(error, `confirming that ${id} is gone`);
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
