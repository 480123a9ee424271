import type { WallMs } from '../upstream/index.ts';
import type { ChangedType } from '../watcher/history/history-types.ts';
import type { KeepOptions, KeptListName, KeptOrganization } from '../watcher/kept-types.ts';
import { readGaps, readHistory } from './history.ts';
import { Indexes } from './indexes.ts';
import { Reader } from './reader.ts';
import { inventoryStatus, sweptLists } from './status.ts';
import type { CopiedHistory, CopyReader, InventoryStatus, OrganizationCopy } from './types.ts';

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

  get history(): CopiedHistory | undefined {
    const kept = this.#kept;
    const { history, organizationId } = kept;
    if (history === undefined || organizationId === undefined) return undefined;
    return {
      epoch: organizationId,
      read: (query) => readHistory(history, query),
      gaps: (query, page) => readGaps(history, query, page),
      has: (id, type) => hasObject(kept, id, type),
    };
  }

  [Symbol.dispose](): void {
    this.#indexes.close();
  }
}

/** The lists that may hold the object of a change: a target of a policy, or a resource with tags, has several. */
const listsOfType: Readonly<Record<ChangedType, readonly KeptListName[]>> = {
  ORGANIZATION: ['organization'],
  ROOT: ['roots'],
  ACCOUNT: ['accounts'],
  ORGANIZATIONAL_UNIT: ['organizationalUnits'],
  POLICY: ['policies'],
  POLICY_ATTACHMENT: ['accounts', 'organizationalUnits', 'roots'],
  DELEGATED_ADMINISTRATOR: ['accounts'],
  ENABLED_SERVICE: [],
  RESOURCE_POLICY: ['resourcePolicy'],
  TAG: ['accounts', 'organizationalUnits', 'roots', 'policies', 'resourcePolicy'],
  HANDSHAKE: ['organizationHandshakes', 'accountHandshakes'],
  RESPONSIBILITY_TRANSFER: ['inboundResponsibilityTransfers', 'outboundResponsibilityTransfers'],
  CREATE_ACCOUNT_STATUS: ['createAccountStatuses'],
};

function hasObject(kept: KeptOrganization, id: string, type: ChangedType): boolean | undefined {
  const lists = listsOfType[type].map((name) => kept.list(name).objects);
  if (lists.some((objects) => objects?.has(id) === true)) return true;
  return lists.includes(undefined) ? undefined : false;
}

/** Indexes the lists of an organization, and answers reads from them until it is disposed of. */
export const createCopy = (
  kept: KeptOrganization,
  options: CopyOptions = { tags: true, policyContents: true },
): OrganizationCopy & Disposable => new Copy(kept, options);
