import type { Logger } from 'pino';
import type { Config } from '../config/index.ts';
import type { Principal } from '../principal/principal.ts';
import {
  type Clock,
  type CompletedWrite,
  type CreateAccountStatus,
  type Handshake,
  later,
  type ResponsibilityTransfer,
  systemClock,
  type Upstream,
  UpstreamError,
} from '../upstream/index.ts';
import type { Channel } from './channel.ts';
import { ChannelGroup } from './channel-group.ts';
import { FaultReporter, OverdueReporter, type WatchContext } from './context.ts';
import { CursorKeys, decodeCursorOf, scopeOfList } from './cursor.ts';
import { goingAway, logUnavailable, unreachable, WatchError } from './errors.ts';
import { type JournalStore, memoryJournals, type Sighted } from './journal.ts';
import {
  createAccountStatusSource,
  handshakeSource,
  responsibilityTransferSource,
  type SingleSource,
} from './kinds.ts';
import { listsOfHint } from './organization-events.ts';
import { effectOf, type WriteEffect } from './own-writes.ts';
import { PollBudgets } from './schedule.ts';
import { SingleObjects } from './single-object.ts';
import { Subscription } from './subscription.ts';
import type { Hint, OverduePoller, WatchEvent, WatchedList, WatchedObjects, Watcher, WatchOptions } from './types.ts';

export interface WatcherOptions {
  readonly clock?: Clock | undefined;
  /** 0 to 1, below 1; spreads polls. Default: Math.random. */
  readonly random?: (() => number) | undefined;
  /** Where the logs are kept. Default: in memory. */
  readonly journals?: JournalStore | undefined;
  /** `graph.cursorSecret`. Default: the key is kept with the logs, or ends with the process. */
  readonly cursorSecret?: string | undefined;
  /** Where overdue pollers and internal faults are reported. Default: nowhere. */
  readonly log?: Pick<Logger, 'error' | 'info'> | undefined;
}

/** A write of this process, or of another that shares the logs. */
interface HeardWrite {
  /** Name of the principal that wrote. */
  readonly principal: string;
  /** Time from sending it to its answer, in ms. */
  readonly tookMs: number;
  readonly effect: WriteEffect;
}

/** What processes that share the logs tell each other. */
interface Relayed {
  readonly write?: HeardWrite | undefined;
  readonly hint?: Hint | undefined;
}

/** Everything about one kind of object. */
class Domain<T> {
  readonly group: ChannelGroup<T>;
  readonly singles: SingleObjects<T>;
  readonly #clock: Clock;

  constructor(context: WatchContext, single: SingleSource<T>, journals: JournalStore) {
    this.group = new ChannelGroup(context, single, journals);
    this.singles = new SingleObjects(context, this.group);
    this.#clock = context.clock;
  }

  /** Tells the writing principal's subscribers what its write answered. */
  tell({ principal, tookMs }: HeardWrite, object: T | undefined, home: WatchedList | undefined): void {
    const id = object === undefined ? undefined : this.group.single.kind.id(object);
    if (object === undefined || id === undefined) return;
    const now = { date: this.#clock.wallMs(), monotonic: this.#clock.monotonicMs() };
    const channels = [...this.group.channels()].filter((channel) => channel.principal.name === principal);
    const write = { object, home, sentAt: later(now.monotonic, -tookMs), at: now };
    const isLast = channels.every((channel) => !this.#hasChanged(channel.objects?.get(id), object, now.date - tookMs));
    this.group.recentWrites.add(principal, id, write, isLast);
    for (const channel of channels) {
      if (channel.source.name === home || channel.get(id) !== undefined) channel.write(object, tookMs);
    }
  }

  /** Whether a read that ended after the write was sent shows another version. */
  #hasChanged(seen: Sighted<T> | undefined, written: T, sentAt: number): boolean {
    return (
      seen !== undefined && seen.observedAt >= sentAt && !this.group.single.kind.isSameVersion(seen.object, written)
    );
  }

  /** Whether the channel knows one of these objects in a state that may still change. */
  awaits(channel: Channel<T>, ids: readonly string[]): boolean {
    const { kind } = this.group.single;
    return ids.some((id) => {
      const object = channel.get(id);
      return object !== undefined && !kind.isFinal(kind.state(object));
    });
  }
}

/**
 * Watches AWS on behalf of many: one poller per list and principal while anybody listens, one log of numbered changes behind it,
 * and the process's own writes told at once. Nothing crosses from one principal to another.
 */
export const createWatcher = (upstream: Upstream, config: Config['watch'], options: WatcherOptions = {}): Watcher => {
  const { journals = memoryJournals, clock = systemClock } = options;
  const cursorKeys = new CursorKeys({
    clock,
    secret: options.cursorSecret,
    load: journals.cursorKey,
  });
  const context: WatchContext = {
    upstream,
    config,
    budgets: new PollBudgets((operation) => upstream.ratePerSecond(operation), config.budgetShare),
    clock,
    random: options.random ?? Math.random,
    cursorKeys,
    faults: new FaultReporter(clock, options.log),
    overdue: new OverdueReporter(options.log),
  };
  const handshakes = new Domain<Handshake>(context, handshakeSource, journals);
  const transfers = new Domain<ResponsibilityTransfer>(context, responsibilityTransferSource, journals);
  const creations = new Domain<CreateAccountStatus>(context, createAccountStatusSource, journals);
  const domains: { readonly [L in WatchedList]: Domain<WatchedObjects[L]> } = {
    organizationHandshakes: handshakes,
    accountHandshakes: handshakes,
    inboundResponsibilityTransfers: transfers,
    outboundResponsibilityTransfers: transfers,
    createAccountStatuses: creations,
  };
  const subscriptions = new Set<Pick<Subscription<unknown>, 'fail'>>();
  const deliveries = new Set<(lagMs: number) => void>();
  let closed = false;

  const taken = ({ type, observedAt }: WatchEvent<unknown>) => {
    if (type === 'BOOKMARK') return;
    // Another replica may have dated it, so dates are all there is; the wall clock may have been stepped back since.
    const lagMs = Math.max(0, context.clock.wallMs() - observedAt.getTime());
    for (const listener of deliveries) context.faults.guard('measuring a delivery', () => listener(lagMs));
  };

  const subscribe = <T>(watchOptions: WatchOptions<T>, open: (subscription: Subscription<T>) => Promise<void>) =>
    new Subscription<T>({
      ...watchOptions,
      maxBuffered: config.maxBuffered,
      onTaken: taken,
      async open(subscription) {
        if (closed) return subscription.fail(goingAway);
        subscriptions.add(subscription);
        subscription.onEnd(() => subscriptions.delete(subscription));
        await cursorKeys.ready().catch((error: unknown) => {
          throw logUnavailable(unreachable, 'UNREACHABLE', error)(watchOptions.after);
        });
        if (subscription.ended) return;
        await open(subscription).catch((error: unknown) => {
          const isExpected = error instanceof UpstreamError || error instanceof WatchError;
          if (!isExpected && !subscription.ended) context.faults.report(error, 'opening a subscription');
          throw error;
        });
      },
    });

  const subscribeToObject = <T>(domain: Domain<T>, principal: Principal, id: string, watchOptions: WatchOptions<T>) =>
    subscribe(watchOptions, (subscription) => domain.singles.open(subscription, principal, id, watchOptions.after));

  /** The channels of one list, of all principals or of one. */
  function* channelsOf(
    list: WatchedList,
    principal?: string,
  ): Iterable<Pick<Channel<unknown>, 'nudge' | 'principal' | 'polling'>> {
    for (const channel of domains[list].group.channels()) {
      const isOf = principal === undefined || channel.principal.name === principal;
      if (isOf && channel.source.name === list) yield channel;
    }
  }

  const hear = (write: HeardWrite) => {
    const { principal, effect } = write;
    handshakes.tell(write, effect.Handshake, effect.home);
    transfers.tell(write, effect.ResponsibilityTransfer, effect.home);
    creations.tell(write, effect.CreateAccountStatus, effect.home);
    // An invitation creates a transfer, and answers with its id alone.
    for (const id of effect.ids) transfers.group.recentWrites.addId(principal, id);
    for (const list of effect.nudges) for (const channel of channelsOf(list, principal)) channel.nudge();
    nudgeOthers(handshakes, principal, effect.ids);
    nudgeOthers(transfers, principal, effect.ids);
    const { invitedAccountId } = effect;
    if (invitedAccountId !== undefined) nudgeInvited(invitedAccountId);
  };

  const stopListening = upstream.onWrite(({ principal, sentAt, answeredAt, ...write }: CompletedWrite) => {
    const effect = effectOf({ principal, sentAt, answeredAt, ...write });
    if (effect === undefined) return;
    const heard = { principal: principal.name, tookMs: answeredAt - sentAt, effect };
    hear(heard);
    // The process that reads a list may be another one.
    relay({ write: heard });
  });

  const relay = (message: Relayed) => journals.relay?.send(message);
  journals.relay?.listen((message) => {
    const { write, hint } = message as Relayed;
    if (write !== undefined) hear(write);
    if (hint !== undefined) lookInto(hint);
  });

  /** Other principals are told nothing; their own pollers look a little earlier, with their own credentials. */
  const nudgeOthers = <T>(domain: Domain<T>, principal: string, ids: readonly string[]) => {
    for (const channel of domain.group.channels()) {
      if (channel.running && channel.principal.name !== principal && domain.awaits(channel, ids)) channel.nudge();
    }
  };

  /** Those whose account it is look at the lists in question; others where they await one of its objects. */
  const lookInto = (hint: Hint) => {
    const { accountIds, objectIds } = hint;
    for (const list of listsOfHint(hint)) {
      for (const channel of channelsOf(list)) {
        if (!channel.polling) continue;
        const nudge = (its: string) => (accountIds.includes(its) ? channel.nudge() : undefined);
        channel.principal
          .accountId()
          .then(nudge)
          .catch(() => undefined);
      }
    }
    nudgeAwaiting(handshakes, objectIds);
    nudgeAwaiting(transfers, objectIds);
    nudgeAwaiting(creations, objectIds);
  };

  const nudgeAwaiting = <T>(domain: Domain<T>, ids: readonly string[]) => {
    for (const channel of domain.group.channels()) if (channel.polling && domain.awaits(channel, ids)) channel.nudge();
  };

  const nudgeInvited = (accountId: string) => {
    for (const channel of [...handshakes.group.channels(), ...transfers.group.channels()]) {
      const { name } = channel.source;
      if (!channel.running || (name !== 'accountHandshakes' && name !== 'outboundResponsibilityTransfers')) continue;
      // Whose account cannot be told waits for its next poll.
      const nudge = (its: string) => (its === accountId ? channel.nudge() : undefined);
      channel.principal
        .accountId()
        .then(nudge)
        .catch(() => undefined);
    }
  };

  return {
    watch(principal, list, watchOptions = {}) {
      const channelOf = () => domains[list].group.list(principal, list);
      return subscribe(watchOptions, async (subscription) => {
        const { after, filter } = watchOptions;
        const scope = scopeOfList(filter);
        const expected = { principal: principal.name, logs: [list], scope };
        const position = after === undefined ? undefined : await decodeCursorOf(cursorKeys, after, expected);
        if (subscription.ended) return;
        const channel = channelOf();
        const hold = channel.acquire();
        subscription.onEnd(hold.release);
        await hold.ready();
        channel.broadcast.attachToList(subscription, scope, position);
      });
    },
    watchHandshake: (principal, id, watchOptions = {}) => subscribeToObject(handshakes, principal, id, watchOptions),
    watchResponsibilityTransfer: (principal, id, watchOptions = {}) =>
      subscribeToObject(transfers, principal, id, watchOptions),
    watchCreateAccountStatus: (principal, id, watchOptions = {}) =>
      subscribeToObject(creations, principal, id, watchOptions),
    hint(hint) {
      lookInto(hint);
      relay({ hint });
    },
    get activePollers() {
      let running = 0;
      for (const { group } of [handshakes, transfers, creations]) {
        for (const channel of group.channels()) if (channel.polling) running += 1;
      }
      return running;
    },
    get overduePollers() {
      const overdue: OverduePoller[] = [];
      for (const { group } of [handshakes, transfers, creations]) {
        for (const { overdueMs, principal, source } of group.channels()) {
          if (overdueMs !== undefined) overdue.push({ principal: principal.name, list: source.name, overdueMs });
        }
      }
      return overdue;
    },
    get faults() {
      return context.faults.count;
    },
    get subscribers() {
      return subscriptions.size;
    },
    onDelivery(listener) {
      deliveries.add(listener);
      return () => void deliveries.delete(listener);
    },
    async close() {
      closed = true;
      stopListening();
      for (const subscription of [...subscriptions]) subscription.fail(goingAway);
      await journals.close();
    },
  };
};
