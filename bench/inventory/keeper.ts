import type { OrganizationKeeper } from '../../src/inventory/inventory.ts';
import type { Principal } from '../../src/principal/index.ts';
import type { KeepOptions, KeptList, KeptListName, KeptOrganization } from '../../src/watcher/kept-types.ts';

/** The lists that the gateway sweeps. */
const sweptLists: readonly KeptListName[] = [
  'organization',
  'roots',
  'accounts',
  'organizationalUnits',
  'policies',
  'policyAttachments',
  'policyContents',
  'tags',
  'delegatedAdministrators',
  'enabledServices',
  'resourcePolicy',
];

const POLL_MS = 10;

/** Passes on a keeper's copy, and reports when its sweeps end. */
export class ObservedKeeper implements OrganizationKeeper {
  readonly #keeper: OrganizationKeeper;
  #kept: KeptOrganization | undefined;
  #startedAt = 0;

  constructor(keeper: OrganizationKeeper) {
    this.#keeper = keeper;
  }

  get kept(): KeptOrganization {
    if (this.#kept === undefined) throw new Error('No copy is kept.');
    return this.#kept;
  }

  keep(principal: Principal, options: KeepOptions): KeptOrganization {
    this.#startedAt = performance.now();
    this.#kept = this.#keeper.keep(principal, options);
    return this.#kept;
  }

  /** Resolves when these lists are complete, restored or read. */
  untilComplete(lists: readonly KeptListName[]): Promise<number> {
    return this.#until(lists, ({ objects }) => objects !== undefined, 1);
  }

  /** Resolves when all lists were swept completely, with the time since `keep` or `refresh`, in ms. */
  untilSwept(): Promise<number> {
    return this.#until(sweptLists, ({ objects, progress }) => objects !== undefined && progress === 1, POLL_MS);
  }

  #until(
    names: readonly KeptListName[],
    isReady: (list: KeptList<unknown>) => boolean,
    pollMs: number,
  ): Promise<number> {
    return new Promise((resolve, reject) => {
      const timer = setInterval(() => {
        const lists = names.map((name) => this.kept.list(name));
        const failed = lists.find(({ state }) => state === 'UNAVAILABLE');
        if (failed === undefined && !lists.every(isReady)) return;
        clearInterval(timer);
        if (failed === undefined) resolve(performance.now() - this.#startedAt);
        else reject(failed.error ?? new Error('A list is unavailable.'));
      }, pollMs);
    });
  }

  /** Sweeps all lists again. */
  refresh(): void {
    this.#startedAt = performance.now();
    this.kept.refresh(sweptLists);
  }
}
