import type {
  KeptChange,
  KeptList,
  KeptListName,
  KeptObjects,
  KeptOrganization,
  KeptOrganizationalUnit,
} from '../watcher/kept-types.ts';
import { TimeSlice } from '../watcher/time-slice.ts';
import { AccountsByParent } from './accounts-by-parent.ts';
import { Attachments } from './attachments.ts';
import { IdSets } from './id-sets.ts';
import type { ItemOrder } from './orders.ts';
import { SortedObjects } from './sorted-objects.ts';

interface Index<T> {
  clear(): void;
  /**
   * Replaces an object. While the index is built, it may have the new version already, or not have the old one yet:
   * adding twice must be the same as adding once.
   */
  change(before: T | undefined, after: T | undefined): void;
}

/** The lists that decide which policies reach an account, and what they say. */
const treeLists: ReadonlySet<KeptListName> = new Set([
  'organization',
  'roots',
  'organizationalUnits',
  'accounts',
  'policies',
  'policyAttachments',
  'policyContents',
]);

/** The index of so many objects is built at once, which takes about a millisecond. */
const SHORT_LIST = 2_000;

/** The changes of a list while its index is being built. */
type Build = { readonly before: unknown; readonly after: unknown }[];

/** The ids of units by the root or unit that they are in. */
class UnitsByParent extends IdSets implements Index<KeptOrganizationalUnit> {
  change(before: KeptOrganizationalUnit | undefined, after: KeptOrganizationalUnit | undefined): void {
    if (before?.Id !== undefined) this.delete(before.ParentId, before.Id);
    if (after?.Id !== undefined) this.add(after.ParentId, after.Id);
  }
}

/**
 * What the copy knows besides the objects, which only the watcher holds. Each change of a list updates the indexes at
 * once, so they always fit the lists. After a list was restored or read for the first time, its index is built in
 * slices of time, and the list is not ready before.
 */
export class Indexes {
  readonly accountsByParent = new AccountsByParent();
  readonly unitsByParent = new UnitsByParent();
  readonly attachments = new Attachments();
  readonly #kept: KeptOrganization;
  readonly #indexes: { readonly [L in KeptListName]?: Index<KeptObjects[L]> } = {
    accounts: this.accountsByParent,
    organizationalUnits: this.unitsByParent,
    policyAttachments: this.attachments,
  };
  readonly #builds = new Map<KeptListName, Build>();
  readonly #sorted = new Map<KeptListName, SortedObjects<unknown>>();
  readonly #stop: () => void;
  #treeVersion: object = {};

  constructor(kept: KeptOrganization) {
    this.#kept = kept;
    this.#stop = kept.onChange((change) => this.#update(change));
    for (const name of Object.keys(this.#indexes) as KeptListName[]) void this.#rebuild(name);
  }

  list<L extends KeptListName>(name: L): KeptList<KeptObjects[L]> {
    return this.#kept.list(name);
  }

  /** Whether the index of a list has all of its objects. */
  isReady(name: KeptListName): boolean {
    return !this.#builds.has(name);
  }

  /** The objects of a list in an order; none before the list was read completely. The array never changes. */
  sorted<L extends KeptListName>(name: L, order: ItemOrder<KeptObjects[L]>): readonly KeptObjects[L][] {
    let objects = this.#sorted.get(name) as SortedObjects<KeptObjects[L]> | undefined;
    if (objects === undefined) {
      objects = new SortedObjects(this.list(name));
      this.#sorted.set(name, objects);
    }
    return objects.sorted(order);
  }

  /** Another object after each change of a list that `PolicyTree` shows. */
  get treeVersion(): object {
    return this.#treeVersion;
  }

  close(): void {
    this.#stop();
    this.#builds.clear();
  }

  #update({ list, changes }: KeptChange): void {
    this.#sorted.get(list)?.invalidate(changes);
    if (treeLists.has(list)) this.#treeVersion = {};
    if (changes === undefined) {
      void this.#rebuild(list);
      return;
    }
    const index = this.#indexes[list] as Index<unknown> | undefined;
    if (index === undefined) return;
    const build = this.#builds.get(list);
    for (const change of changes.values()) {
      if (build === undefined) index.change(change.before, change.after);
      else build.push(change);
    }
  }

  /** A short list is ready when the function returns. */
  async #rebuild(name: KeptListName): Promise<void> {
    const index = this.#indexes[name] as Index<unknown> | undefined;
    if (index === undefined) return;
    index.clear();
    const build: Build = [];
    this.#builds.set(name, build);
    const objects = this.list(name).objects ?? new Map();
    const isShort = objects.size <= SHORT_LIST;
    const slice = new TimeSlice();
    // The map may change meanwhile: its iterator then shows the new objects as well, and none that were removed.
    for (const { object } of objects.values()) {
      if (!isShort && slice.isOver) {
        await slice.next();
        if (this.#builds.get(name) !== build) return;
      }
      index.change(undefined, object);
    }
    for (const { before, after } of build) index.change(before, after);
    this.#builds.delete(name);
  }
}
