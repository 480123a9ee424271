import type { Principal } from '../principal/principal.ts';
import type { KeepOptions, KeptOrganization } from '../watcher/kept-types.ts';
import { createCopy } from './copy.ts';
import type { OrganizationCopy } from './types.ts';

/** One entry of the setting `inventory`. Times in ms. */
export interface InventoryEntry extends KeepOptions {
  /** The name of the principal whose organization is copied. */
  readonly principal: string;
}

/** Keeps the lists of an organization up to date until they are released. */
export interface OrganizationKeeper {
  keep(principal: Principal, options: KeepOptions): KeptOrganization;
}

/** The copies of the organizations that the settings name. */
export interface Inventory {
  /** The copy of a principal's organization; undefined if the settings do not name the principal. */
  of(principal: Principal): OrganizationCopy | undefined;
  /** Ends the sweeps. The copies are not updated any more. */
  close(): void;
}

/** Starts to copy the organizations of these principals. Entries that name none of the principals have no effect. */
export function createInventory(
  keeper: OrganizationKeeper,
  entries: readonly InventoryEntry[],
  principals: readonly Principal[],
): Inventory {
  const copies = new Map<string, { readonly kept: KeptOrganization; readonly copy: OrganizationCopy & Disposable }>();
  for (const entry of entries) {
    const principal = principals.find(({ name }) => name === entry.principal);
    if (principal === undefined || copies.has(principal.name)) continue;
    const kept = keeper.keep(principal, entry);
    copies.set(principal.name, { kept, copy: createCopy(kept, entry) });
  }
  return {
    of: ({ name }) => copies.get(name)?.copy,
    close() {
      for (const { kept, copy } of copies.values()) {
        copy[Symbol.dispose]();
        kept.release();
      }
    },
  };
}
