import type {
  KeptChange,
  KeptList,
  KeptListName,
  KeptObjects,
  KeptOrganization,
  KeptOrganizationalUnit,
} from '../watcher/kept-types.ts';
import { AccountsByParent } from './accounts-by-parent.ts';
import { Attachments } from './attachments.ts';
import { IdSets } from './id-sets.ts';
import type { ItemOrder } from './orders.ts';
import { SortedObjects } from './sorted-objects.ts';

interface Index<T> {
  clear(): void;
  change(before: T | undefined, after: T | undefined): void;
}

/** The ids of units by the root or unit that they are in. */
class UnitsByParent extends IdSets implements Index<KeptOrganizationalUnit> {
  change(before: KeptOrganizationalUnit | undefined, after: KeptOrganizationalUnit | undefined): void {
    if (before?.Id !== undefined) this.delete(before.ParentId, before.Id);
    if (after?.Id !== undefined) this.add(after.ParentId, after.Id);
  }
}

/**
 * What the copy knows besides the objects, which only the watcher holds. Each change of a list updates the indexes at
 * once, so they always fit the lists.
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
  readonly #sorted = new Map<KeptListName, SortedObjects<unknown>>();
  readonly #stop: () => void;

  constructor(kept: KeptOrganization) {
    this.#kept = kept;
    this.#stop = kept.onChange((change) => this.#update(change));
    for (const name of Object.keys(this.#indexes) as KeptListName[]) this.#rebuild(name);
  }

  list<L extends KeptListName>(name: L): KeptList<KeptObjects[L]> {
    return this.#kept.list(name);
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

  close(): void {
    this.#stop();
  }

  #update({ list, changes }: KeptChange): void {
    this.#sorted.get(list)?.invalidate(changes);
    if (changes === undefined) this.#rebuild(list);
    else {
      const index = this.#indexes[list] as Index<unknown> | undefined;
      if (index !== undefined) for (const { before, after } of changes.values()) index.change(before, after);
    }
  }

  #rebuild(name: KeptListName): void {
    const index = this.#indexes[name] as Index<unknown> | undefined;
    index?.clear();
    for (const { object } of this.list(name).objects?.values() ?? []) index?.change(undefined, object);
  }
}
