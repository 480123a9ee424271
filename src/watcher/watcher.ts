import type { Config } from '../config/index.ts';
import type { Principal } from '../principal/principal.ts';
import { type Clock, systemClock, type Upstream, UpstreamError } from '../upstream/index.ts';
import { CallPacers } from './call-pacer.ts';
import type { Channel } from './channel.ts';
import { ChannelGroup } from './channel-group.ts';
import { hasPending } from './channel-hooks.ts';
import { acquireFor } from './channel-lease.ts';
import { FaultReporter, OverdueReporter, type WatchContext, type WatchLog } from './context.ts';
import { CursorKeys, decodeCursorOf, scopeOfList } from './cursor.ts';
import { goingAway, logUnavailable, logUnreachable, WatchError } from './errors.ts';
import { memoryJournals } from './event-log.ts';
import { causeOfWrite, hintCause } from './history/change-causes.ts';
import type { ChangeCause } from './history/history-types.ts';
import type { JournalStore } from './journal.ts';
import { KeptOrganizations, type RelayedWrite } from './kept-organizations.ts';
import { keptSources } from './kept-sources.ts';
import type { KeepOptions, OrganizationKeeper } from './kept-types.ts';
import { createAccountStatusSource, handshakeSource, responsibilityTransferSource } from './kinds.ts';
import { watchedLists } from './known-lists.ts';
import type { ChangedList, ChangedObjects, ListEvent, ListWatchOptions } from './list-changes.ts';
import { listsOfHint } from './organization-events.ts';
import { type AppliedWrite, effectOf } from './own-writes.ts';
import { PollBudgets } from './schedule.ts';
import { SingleObjects } from './single-object.ts';
import { Subscription } from './subscription.ts';
import type { KeptSources } from './sweep-types.ts';
import type {
  Hint,
  ObjectWatchOptions,
  WatchEvent,
  WatchedList,
  WatchedObjects,
  Watcher,
  WatchOptions,
} from './types.ts';
import { WatchedCopies } from './watched-copies.ts';

export interface WatcherOptions {
  readonly clock?: Clock | undefined;
  /** Returns a number from 0 to below 1, which spreads polls. Default: Math.random. */
  readonly random?: (() => number) | undefined;
  /** Stores the logs. Default: in memory. */
  readonly journals?: JournalStore | undefined;
  /** `graph.cursorSecret`. Default: a key that is stored with the logs, or in memory. */
  readonly cursorSecret?: string | undefined;
  /** Logs overdue pollers and internal faults. Default: none. */
  readonly log?: WatchLog | undefined;
  /** How long changes stay in the history, in ms; without a store for a day at most. Default: no limit. */
  readonly historyRetentionMs?: number | undefined;
  /** How the lists of an organization are read. Default: as AWS's API requires. */
  readonly keptSources?: KeptSources | undefined;
}

/** A message between processes that share the logs. */
interface RelayMessage {
  readonly write?: AppliedWrite | undefined;
  readonly hint?: Hint | undefined;
  readonly keptWrite?: RelayedWrite | undefined;
}

/** Lists in which an account finds the invitations that it has received. */
const invitedLists: ReadonlySet<string> = new Set(['accountHandshakes', 'outboundResponsibilityTransfers']);

/**
 * Watches AWS for many subscribers, with one poller per list and principal while it has subscribers, and one log of
 * numbered changes. Own writes are published at once. Principals share nothing.
 */
export const createWatcher = (
  upstream: Upstream,
  config: Config['watch'],
  options: WatcherOptions = {},
): Watcher & OrganizationKeeper => {
  const { journals = memoryJournals, clock = systemClock } = options;
  const cursorKeys = new CursorKeys({
    clock,
    secret: options.cursorSecret,
    load: journals.cursorKey,
  });
  const context: WatchContext = {
    upstream,
    config,
    historyRetentionMs: options.historyRetentionMs ?? Number.POSITIVE_INFINITY,
    budgets: new PollBudgets((operation) => upstream.ratePerSecond(operation), config.budgetShare),
    pacers: new CallPacers(clock, (operation) => upstream.ratePerSecond(operation)),
    clock,
    random: options.random ?? Math.random,
    cursorKeys,
    faults: new FaultReporter(clock, options.log),
    log: options.log,
    overdue: new OverdueReporter(options.log),
  };
  const handshakes = new ChannelGroup(context, handshakeSource, journals);
  const transfers = new ChannelGroup(context, responsibilityTransferSource, journals);
  const creations = new ChannelGroup(context, createAccountStatusSource, journals);
  const groups: { readonly [L in WatchedList]: ChannelGroup<WatchedObjects[L]> } = {
    organizationHandshakes: handshakes,
    accountHandshakes: handshakes,
    inboundResponsibilityTransfers: transfers,
    outboundResponsibilityTransfers: transfers,
    createAccountStatuses: creations,
  };
  const channels = () => [...handshakes.channels(), ...transfers.channels(), ...creations.channels()];
  const createWatched = (principal: Principal, { maxAgeMs, budgetShare: share }: KeepOptions) => {
    const copies = new WatchedCopies();
    for (const list of watchedLists) {
      const channel = groups[list].list(principal, list);
      const pacer = context.pacers.of(principal, channel.source.operation);
      copies.add(list, channel as Channel<unknown>, { clock, maxAgeMs, share, pacer });
    }
    return copies;
  };
  const kept = new KeptOrganizations({
    context,
    journals,
    sources: options.keptSources ?? keptSources,
    createWatched,
  });
  const subscriptions = new Set<Pick<Subscription<unknown>, 'fail'>>();
  const deliveries = new Set<(lagMs: number) => void>();
  let isClosed = false;

  const measureDelivery = ({ type, observedAt }: WatchEvent<unknown>) => {
    if (type === 'BOOKMARK') return;
    // Another replica may have observed it, so only wall clocks can be compared, and they may have been stepped.
    const lagMs = Math.max(0, context.clock.wallMs() - observedAt.getTime());
    for (const listener of deliveries) context.faults.guard('measuring a delivery', () => listener(lagMs));
  };

  const subscribe = <T>(watchOptions: WatchOptions<T>, open: (subscription: Subscription<T>) => Promise<void>) =>
    new Subscription<T>({
      ...watchOptions,
      maxBuffered: config.maxBuffered,
      onTaken: measureDelivery,
      async open(subscription) {
        if (isClosed) return subscription.fail(goingAway);
        subscriptions.add(subscription);
        subscription.onEnd(() => subscriptions.delete(subscription));
        await cursorKeys.ready().catch((error: unknown) => {
          throw logUnavailable(logUnreachable, 'UNREACHABLE', error)(watchOptions.after);
        });
        if (subscription.ended) return;
        await open(subscription).catch((error: unknown) => {
          const isExpected = error instanceof UpstreamError || error instanceof WatchError;
          if (!isExpected && !subscription.ended) context.faults.report(error, 'opening a subscription');
          throw error;
        });
      },
    });

  const watchObjects = <T>(group: ChannelGroup<T>) => {
    const singles = new SingleObjects(context, group);
    return (principal: Principal, id: string, watchOptions: ObjectWatchOptions<T> = {}) =>
      subscribe<T>(watchOptions, (subscription) => singles.open(subscription, principal, id, watchOptions.after));
  };

  /**
   * Polls now if the channel's principal is in one of these accounts. If its account is unknown, it waits for the next
   * poll.
   */
  const pollIfAccount = (
    channel: Pick<Channel<unknown>, 'principal' | 'pollNow'>,
    accountIds: readonly string[],
    cause?: ChangeCause,
  ) => {
    channel.principal
      .accountId()
      .then((accountId) => (accountIds.includes(accountId) ? channel.pollNow(cause) : undefined))
      .catch(() => undefined);
  };

  const applyWrite = (write: AppliedWrite) => {
    const { principal, effect } = write;
    const { invitedAccountId } = effect;
    const listsToPoll: readonly string[] = effect.listsToPoll;
    handshakes.applyWrite(write, effect.Handshake);
    transfers.applyWrite(write, effect.ResponsibilityTransfer);
    creations.applyWrite(write, effect.CreateAccountStatus);
    // The reply to an invitation has only the id of the transfer that it creates.
    kept.onWatchedWrite(write);
    for (const id of effect.ids) transfers.recentWrites.addId(principal, id);
    // Other principals receive nothing from the write: their own pollers poll earlier, with their own credentials.
    for (const channel of channels()) {
      const list = channel.source.name;
      const isOwn = channel.principal.name === principal;
      if (isOwn ? listsToPoll.includes(list) : channel.running && hasPending(channel, effect.ids)) channel.pollNow();
      else if (invitedAccountId !== undefined && channel.running && invitedLists.has(list))
        pollIfAccount(channel, [invitedAccountId]);
    }
  };

  const stopListening = upstream.onWrite((write) => {
    const cause = causeOfWrite(write);
    const keptWrite = kept.onWrite(write, cause);
    const effect = effectOf(write);
    const tookMs = write.output === undefined ? 0 : write.answeredAt - write.sentAt;
    const applied = effect && { principal: write.principal.name, tookMs, effect, cause };
    if (applied !== undefined) applyWrite(applied);
    // Another process may read the lists, and the client may read there next.
    return relay({ keptWrite, write: applied });
  });

  const relay = (message: RelayMessage) => journals.relay?.send(message);
  journals.relay?.listen((message) => {
    const { write, hint, keptWrite } = message as RelayMessage;
    if (keptWrite !== undefined) kept.applyWrite(keptWrite);
    if (write !== undefined) applyWrite(write);
    if (hint !== undefined) handleHint(hint);
  });

  /** Polls the lists of the hint's accounts, and lists in which one of its objects is pending. */
  const handleHint = (hint: Hint) => {
    kept.handleHint(hint);
    const lists: readonly string[] = listsOfHint(hint);
    for (const channel of channels()) {
      if (!channel.polling) continue;
      if (hasPending(channel, hint.objectIds)) channel.pollNow(hintCause);
      else if (lists.includes(channel.source.name)) pollIfAccount(channel, hint.accountIds, hintCause);
    }
  };

  return {
    watch(principal, list, watchOptions = {}) {
      return subscribe(watchOptions, async (subscription) => {
        const { after, filter } = watchOptions;
        const scope = scopeOfList(filter);
        const expected = { principal: principal.name, logs: [list], scope };
        const position = after === undefined ? undefined : await decodeCursorOf(cursorKeys, after, expected);
        if (subscription.ended) return;
        const channel = groups[list].list(principal, list);
        const lease = acquireFor(channel, subscription);
        await lease.ready();
        channel.publisher.attachToList(subscription, scope, position);
      });
    },
    watchList<L extends ChangedList>(
      principal: Principal,
      list: L,
      { after, filter, signal }: ListWatchOptions<ChangedObjects[L]> = {},
    ) {
      return subscribe<ChangedObjects[L]>({ after, signal }, async (subscription) => {
        const expected = { principal: principal.name, logs: [list], scope: scopeOfList(filter?.key) };
        const position = after === undefined ? undefined : await decodeCursorOf(cursorKeys, after, expected);
        if (subscription.ended) return;
        const lease = kept.acquire(principal, [list, ...(filter?.lists ?? [])]);
        subscription.onEnd(lease.release);
        lease.changes.attach(subscription, list, filter, position);
      }) as AsyncIterableIterator<ListEvent<ChangedObjects[L]>>;
    },
    watchHandshake: watchObjects(handshakes),
    watchResponsibilityTransfer: watchObjects(transfers),
    watchCreateAccountStatus: watchObjects(creations),
    keep(principal, keepOptions) {
      return kept.keep(principal, keepOptions);
    },
    hint(hint) {
      handleHint(hint);
      void relay({ hint });
    },
    get activePollers() {
      return channels().filter(({ polling }) => polling).length;
    },
    get overduePollers() {
      return channels().flatMap(({ overdueMs, principal, source }) =>
        overdueMs === undefined ? [] : { principal: principal.name, list: source.name, overdueMs },
      );
    },
    pollersOf({ name }) {
      return channels()
        .filter(({ running, principal }) => running && principal.name === name)
        .map(({ source, uses, poller }) => ({
          list: source.name,
          intervalMs: Math.round(poller.intervalMs),
          subscribers: uses.subscribers,
          lastReadOn: poller.lastReadOn,
          error: poller.error?.message,
        }));
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
      isClosed = true;
      stopListening();
      kept.release();
      for (const subscription of [...subscriptions]) subscription.fail(goingAway);
      await journals.close();
    },
  };
};
