import type { WallMs } from '../upstream/index.ts';
import type { KeepOptions, KeptListName, KeptOrganization } from '../watcher/kept-types.ts';
import { Indexes } from './indexes.ts';
import { Reader } from './reader.ts';
import { inventoryStatus, sweptLists } from './status.ts';
import type { CopyReader, InventoryStatus, OrganizationCopy } from './types.ts';

/** What the copy of an organization holds. */
export type CopyOptions = Pick<KeepOptions, 'tags' | 'policyContents'>;

class Copy implements OrganizationCopy, Disposable {
  readonly #kept: KeptOrganization;
  readonly #options: CopyOptions;
  readonly #indexes: Indexes;

  constructor(kept: KeptOrganization, options: CopyOptions) {
    this.#kept = kept;
    this.#options = options;
    this.#indexes = new Indexes(kept);
  }

  get status(): InventoryStatus {
    return inventoryStatus(this.#kept, this.#indexes, this.#options);
  }

  refresh(lists: readonly KeptListName[] = sweptLists(this.#options)): number {
    const kept = this.#kept;
    kept.refresh(lists);
    return lists.reduce((sum, name) => {
      const { calls, asOf } = kept.list(name);
      return sum + (asOf === undefined ? Math.max(calls, 1) : calls);
    }, 0);
  }

  reader(oldest: WallMs): CopyReader {
    // An account in no organization has received handshakes, too.
    return new Reader(this.#indexes, this.#kept.organizationId ?? '', oldest);
  }

  [Symbol.dispose](): void {
    this.#indexes.close();
  }
}

/** Indexes the lists of an organization, and answers reads from them until it is disposed of. */
export const createCopy = (
  kept: KeptOrganization,
  options: CopyOptions = { tags: true, policyContents: true },
): OrganizationCopy & Disposable => new Copy(kept, options);
