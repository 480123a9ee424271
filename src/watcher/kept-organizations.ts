import type { Principal } from '../principal/principal.ts';
import { type CompletedWrite, later, type UncertainWrite } from '../upstream/index.ts';
import type { ChangePublisher } from './change-publisher.ts';
import type { WatchContext } from './context.ts';
import type { ChangeCause } from './history/history-types.ts';
import { type JournalStore, newEpoch } from './journal.ts';
import { KeptOrganizationLists } from './kept-organization.ts';
import type { KeepOptions, KeptListName, KeptOrganization } from './kept-types.ts';
import type { AppliedWrite } from './own-writes.ts';
import type { IdentifiedWrite, KeptSources } from './sweep-types.ts';
import type { Hint } from './types.ts';
import { WatchedCopies } from './watched-copies.ts';

/** A write that other processes apply to their copies, too. */
export type RelayedWrite = IdentifiedWrite & {
  /** The name of the writing principal. */
  readonly principal: string;
};

export interface KeptLease {
  readonly changes: ChangePublisher;
  /** May be called more than once. */
  release(): void;
}

export interface KeptOrganizationsOptions {
  readonly context: WatchContext;
  readonly journals: JournalStore;
  readonly sources: KeptSources;
  readonly createWatched: (principal: Principal, options: KeepOptions) => WatchedCopies;
}

/** The copies of the organizations of all principals. Each principal has its own. */
export class KeptOrganizations {
  readonly #options: KeptOrganizationsOptions;
  readonly #copies = new Map<string, KeptOrganizationLists>();

  constructor(options: KeptOrganizationsOptions) {
    this.#options = options;
  }

  /** @throws TypeError if the principal's organization is kept already. */
  keep(principal: Principal, keep: KeepOptions): KeptOrganization {
    const { context, journals, sources, createWatched } = this.#options;
    const { name } = principal;
    if (this.#copies.has(name))
      throw new TypeError(`The organization of principal "${name}" is kept already. Release that copy first.`);
    const watched = createWatched(principal, keep);
    const onRelease = () => void this.#copies.delete(name);
    const copy = new KeptOrganizationLists({ context, principal, sources, journals, keep, watched, onRelease });
    this.#copies.set(name, copy);
    return copy;
  }

  /**
   * Keeps lists of the principal's organization until the returned lease is released: those of its copy, or else only
   * these lists.
   */
  acquire(principal: Principal, lists: readonly KeptListName[]): KeptLease {
    const copy = this.#copies.get(principal.name) ?? this.#openOnDemand(principal);
    const leave = copy.acquire(lists);
    return {
      changes: copy.changes,
      release: () => {
        leave();
        if (copy.isUnused) copy.release();
      },
    };
  }

  #openOnDemand(principal: Principal): KeptOrganizationLists {
    const { context, journals, sources } = this.#options;
    const { maxIntervalMs, budgetShare } = context.config;
    const ages = { maxAgeMs: maxIntervalMs, tagsMaxAgeMs: maxIntervalMs };
    const copy = new KeptOrganizationLists({
      ...{ context, principal, sources, journals },
      keep: { ...ages, budgetShare, tags: false, policyContents: false },
      watched: new WatchedCopies(),
      isOnDemand: true,
      onRelease: () => void this.#copies.delete(principal.name),
    });
    this.#copies.set(principal.name, copy);
    return copy;
  }

  /** Applies a write of this process. Returns what the others need to apply it. */
  onWrite(completed: CompletedWrite | UncertainWrite, cause: ChangeCause | undefined): RelayedWrite {
    const { principal, operation, input, output } = completed;
    const tookMs = completed.output === undefined ? 0 : completed.answeredAt - completed.sentAt;
    const sentOn = later(this.#options.context.clock.wallMs(), -tookMs);
    const ids = { principal: principal.name, id: newEpoch(), sentOn, cause };
    const write = output === undefined ? { ...ids, operation, input } : { ...ids, operation, input, output };
    this.applyWrite(write);
    return write;
  }

  applyWrite({ principal, ...write }: RelayedWrite): void {
    const copy = this.#copies.get(principal);
    if (copy !== undefined)
      this.#options.context.faults.guard('applying a write to the copy', () => copy.applyWrite(write));
  }

  onWatchedWrite({ principal, effect }: AppliedWrite): void {
    this.#copies.get(principal)?.onWatchedWrite(effect);
  }

  /** Reads what an event may have changed, in the copies that it concerns. */
  handleHint(hint: Hint): void {
    for (const copy of this.#copies.values()) {
      copy
        .concerns(hint.accountIds)
        .then((isConcerned) => isConcerned && copy.handleHint(hint))
        // Without its account id, the next sweep finds the change.
        .catch(() => undefined);
    }
  }

  release(): void {
    for (const copy of [...this.#copies.values()]) copy.release();
  }
}
