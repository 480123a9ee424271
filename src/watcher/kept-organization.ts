import type { Principal } from '../principal/principal.ts';
import { ChangePublisher } from './change-publisher.ts';
import type { WatchContext } from './context.ts';
import { goingAway, otherOrganization } from './errors.ts';
import { hintCause, pollCause } from './history/change-causes.ts';
import type { HistoryReader } from './history/history-types.ts';
import { KeptHistory } from './history/kept-history.ts';
import type { JournalStore, LogOffset, LogRecord } from './journal.ts';
import { KeptChannel } from './kept-channel.ts';
import { goneAfter, joiningHints, newAfter } from './kept-consequences.ts';
import { KeptListView, missingListOf } from './kept-list-view.ts';
import type { KeepOptions, KeptChange, KeptList, KeptListName, KeptObjects, KeptOrganization } from './kept-types.ts';
import { notInOrganization, readinessOf } from './list-readiness.ts';
import { ListUses } from './list-uses.ts';
import { writesByList } from './list-writes.ts';
import type { ObjectChanges } from './object-changes.ts';
import type { WriteEffect } from './own-writes.ts';
import type { IdentifiedWrite, KeptSources, KnownLists, Sweep } from './sweep-types.ts';
import type { Hint } from './types.ts';
import type { WatchedCopies } from './watched-copies.ts';

export interface KeptOrganizationOptions {
  readonly context: WatchContext;
  readonly principal: Principal;
  readonly sources: KeptSources;
  readonly journals: JournalStore;
  readonly keep: KeepOptions;
  /** The five lists that subscribers watch, too. */
  readonly watched: WatchedCopies;
  /** Keeps a list only while it is acquired. Default: all lists, always. */
  readonly isOnDemand?: boolean | undefined;
  readonly onRelease: () => void;
}

const none: ReadonlyMap<string, unknown> = new Map();

/** The lists that become too old sooner or later than the others. */
const slowLists: ReadonlySet<KeptListName> = new Set(['tags', 'policyContents']);

/**
 * The copy of the organization of one principal. The list `organization` comes first: the logs of the other lists bear
 * the organization's id, so that another organization has other logs.
 */
export class KeptOrganizationLists implements KeptOrganization {
  readonly #options: KeptOrganizationOptions;
  readonly #sweeps: readonly Sweep<unknown>[];
  readonly #channels = new Map<KeptListName, KeptChannel<unknown>>();
  readonly #views = new Map<KeptListName, KeptList<unknown>>();
  readonly #listeners = new Set<(change: KeptChange) => void>();
  readonly #uses: ListUses;
  /** What the batch that is being published has removed, see `goneAfter`. */
  readonly #gone: string[] = [];
  /** Publishes the changes of the lists to subscribers. */
  readonly changes: ChangePublisher;
  readonly #lists: KnownLists;
  /** Undefined if it keeps lists on demand. */
  readonly #history: KeptHistory | undefined;
  #organizationId: string | undefined;
  #isReleased = false;

  constructor(options: KeptOrganizationOptions) {
    this.#options = options;
    this.#sweeps = options.sources.sweeps(options.keep);
    this.#uses = new ListUses(this.#sweeps);
    this.#lists = {
      objects: <L extends KeptListName>(list: L) => {
        const known = this.#channels.get(list)?.publisher.list;
        const objects = known === undefined ? options.watched.list(list)?.objects : (known.objects ?? known.partial);
        return (objects ?? none) as ReadonlyMap<string, { readonly object: KeptObjects[L] }>;
      },
      isComplete: (list) => this.list(list).objects !== undefined,
      isRefused: (list) => this.#channels.get(list)?.failure?.isRefused === true,
    };
    const { context, principal } = options;
    this.changes = new ChangePublisher(context, {
      principal: principal.name,
      cursorKeys: context.cursorKeys,
      published: (list) => this.#channels.get(list)?.publisher.list,
      readinessOf: (list) => readinessOf(this.#channels.get(list), this.#channels.get('organization'), context.clock),
    });
    if (options.isOnDemand !== true)
      this.#history = new KeptHistory({ context, principal, journals: options.journals, lists: this.#lists });
    this.#open('organization', 'organization');
    for (const [list, source] of options.watched.sources()) this.#history?.add(list, source);
    options.watched.start((list, changes) => {
      this.#emit({ list, changes });
      for (const hint of joiningHints(list, changes)) this.handleHint(hint, pollCause);
    });
  }

  get principal(): Principal {
    return this.#options.principal;
  }

  get organizationId(): string | undefined {
    return this.#organizationId;
  }

  get history(): HistoryReader | undefined {
    return this.#history?.reader;
  }

  list<L extends KeptListName>(name: L): KeptList<KeptObjects[L]> {
    const view = this.#views.get(name) ?? this.#options.watched.list(name) ?? missingListOf(this.list('organization'));
    return view as KeptList<KeptObjects[L]>;
  }

  onChange(listener: (change: KeptChange) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  refresh(lists: readonly KeptListName[]): void {
    if (this.#isReleased) return;
    for (const list of lists) {
      this.#channels.get(list)?.refresh();
      this.#options.watched.refresh(list);
    }
  }

  /**
   * Keeps lists, and those that they depend on, until the returned function is called.
   * @throws TypeError if the copy does not hold one of them.
   */
  acquire(lists: readonly KeptListName[]): () => void {
    const all = this.#uses.add(lists);
    for (const list of all) this.#openOfOrganization(list);
    this.#enableAll();
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      const isKept = (list: KeptListName) => this.#options.isOnDemand !== true || list === 'organization';
      for (const list of all) if (this.#uses.delete(list) && !isKept(list)) this.#close(list);
    };
  }

  /** Whether it keeps lists on demand, and none now. */
  get isUnused(): boolean {
    return this.#options.isOnDemand === true && this.#uses.size === 0;
  }

  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.changes.failAll(goingAway, true);
    for (const channel of this.#channels.values()) channel.release();
    this.#options.watched.release();
    this.#history?.close();
    this.#listeners.clear();
    this.#options.onRelease();
  }

  /** Applies a write of the principal, by this process or another one. */
  applyWrite({ id, sentOn, cause, ...write }: IdentifiedWrite): void {
    const effects = this.#options.sources.effectsOf(write, this.#lists);
    if (effects === undefined) return;
    const common = { id, sentOn, cause };
    for (const [list, changes] of writesByList(effects, common)) this.#channels.get(list)?.applyWrite(changes);
  }

  /** A write of the principal to the lists that subscribers watch, too. */
  onWatchedWrite(effect: WriteEffect): void {
    this.#options.watched.onWrite(effect);
  }

  /** Reads what an event may have changed, in the process that leads. */
  handleHint(hint: Hint, cause = hintCause): void {
    for (const { list, part } of this.#options.sources.readsOfHint(hint, this.#lists)) {
      const channel = this.#channels.get(list);
      if (channel?.isLeading === true) channel.sweeper.requestSoon(part, cause);
    }
  }

  /** Whether an account is the principal's, or one of its organization. */
  async concerns(accountIds: readonly string[]): Promise<boolean> {
    const accounts = this.#lists.objects('accounts');
    if (accountIds.some((id) => accounts.has(id))) return true;
    for (const { object } of this.#lists.objects('organization').values())
      if (object.MasterAccountId !== undefined && accountIds.includes(object.MasterAccountId)) return true;
    return accountIds.includes(await this.principal.accountId());
  }

  #open(list: KeptListName, log: string): void {
    const rank = this.#sweeps.findIndex((one) => one.list === list);
    const sweep = this.#sweeps[rank];
    if (sweep === undefined) throw new TypeError(`The copy has no sweep for the list ${list}. Add it to the sources.`);
    const { context, principal, journals, keep } = this.#options;
    const channel = new KeptChannel<unknown>({
      context,
      principal,
      sweep,
      log,
      journals,
      lists: this.#lists,
      maxAgeMs: slowLists.has(list) ? keep.tagsMaxAgeMs : keep.maxAgeMs,
      share: keep.budgetShare,
      rank,
      onChange: (changes) => this.#onChange(list, changes),
      onPartial: () => this.#notifyDependents(list),
      onRead: () => this.#onRead(list),
      onStored: (before, records) => this.#onStored(list, before, records),
      onLost: (createEnd, isWaiting) => this.changes.fail(list, createEnd, isWaiting),
      onShortfall: (shortfall) =>
        this.#options.isOnDemand !== true &&
        context.log?.warn?.(
          { principal: principal.name, list, ...shortfall },
          'The copy of an organization is too slow for its maximum age. Raise inventory.budgetShare or the age.',
        ),
    });
    this.#channels.set(list, channel);
    this.#views.set(list, new KeptListView(channel, context.clock));
    this.#history?.add(list, { list: channel.publisher.list, isLeading: () => channel.isLeading });
    if (list === 'organization') channel.enable();
    channel.start();
  }

  #onChange(list: KeptListName, changes: ObjectChanges): void {
    if (list === 'organization') this.#updateOrganization();
    this.#emit({ list, changes });
    this.#notifyDependents(list);
    for (const added of newAfter(list, changes)) this.#addPartOf(list, added);
    for (const gone of goneAfter(list, changes)) this.#gone.push(gone);
  }

  /** Objects that depend on a removed one are removed after its change is published, as that is the order of events. */
  #onStored(list: KeptListName, before: LogOffset, records: readonly LogRecord<unknown>[]): void {
    this.changes.onStored(list, before, records);
    for (const gone of this.#gone.splice(0))
      for (const channel of this.#channels.values()) channel.onRemovedElsewhere(gone);
  }

  #addPartOf(list: KeptListName, id: string): void {
    const knownOn = this.list(list).asOf;
    if (knownOn === undefined) return;
    for (const { sweeper, options } of this.#channels.values()) {
      const { sweep } = options;
      // A unit may have units below it.
      if (sweeper.running && (sweep.list === list || sweep.dependsOn.includes(list))) sweeper.addPartOf(id, knownOn);
    }
  }

  #onRead(list: KeptListName): void {
    if (list === 'organization') {
      this.#updateOrganization();
      this.#enableAll();
    }
    this.#notifyDependents(list);
    this.changes.check();
    this.#history?.check();
  }

  /** Opens the logs of the organization that the principal's account is in, and closes those of another one. */
  #updateOrganization(): void {
    const [id] = this.#lists.objects('organization').keys();
    if (this.#isReleased || id === this.#organizationId || !this.#lists.isComplete('organization')) return;
    this.#organizationId = id;
    this.changes.failAll(id === undefined ? notInOrganization : otherOrganization, false);
    for (const list of [...this.#channels.keys()]) if (list !== 'organization') this.#close(list);
    this.#history?.open(id);
    for (const { list } of this.#sweeps) this.#openOfOrganization(list);
    this.#enableAll();
    for (const { list } of this.#sweeps) if (list !== 'organization') this.#emit({ list, changes: undefined });
  }

  #openOfOrganization(list: KeptListName): void {
    const id = this.#organizationId;
    const isUsed = this.#options.isOnDemand !== true || this.#uses.has(list);
    if (id !== undefined && isUsed && !this.#channels.has(list)) this.#open(list, `${list}@${id}`);
  }

  #close(list: KeptListName): void {
    this.#channels.get(list)?.release();
    this.#channels.delete(list);
    this.#views.delete(list);
    this.#history?.delete(list);
  }

  /** The lists of a restored organization are not read before AWS confirms that it is still the same. */
  #enableAll(): void {
    if (this.#channels.get('organization')?.isVerified !== true) return;
    for (const channel of this.#channels.values()) channel.enable();
  }

  #notifyDependents(list: KeptListName): void {
    for (const [name, channel] of this.#channels) {
      if (name === list || channel.options.sweep.dependsOn.includes(list)) channel.sweeper.onListsChanged();
    }
  }

  #emit(change: KeptChange): void {
    for (const listener of this.#listeners)
      this.#options.context.faults.guard('notifying of a change of the copy', () => listener(change));
  }
}
