import type { Principal } from '../../../src/principal/principal.ts';
import type { WallMs } from '../../../src/upstream/index.ts';
import type { ObservedObject } from '../../../src/watcher/journal.ts';
import type {
  KeptChange,
  KeptList,
  KeptListName,
  KeptObjects,
  KeptOrganization,
  KeptState,
} from '../../../src/watcher/kept-types.ts';
import { principalOf } from '../../watcher/support/fake-upstream.ts';

export const wall = (ms: number): WallMs => ms as WallMs;

class FakeList<T> implements KeptList<T> {
  state: KeptState = 'LOADING';
  asOf: WallMs | undefined;
  changedAt: WallMs | undefined;
  nextRefreshAt: WallMs | undefined;
  progress = 0;
  calls = 0;
  error: Error | undefined;
  objects: Map<string, ObservedObject<T>> | undefined;
}

type Lists = { [L in KeptListName]: FakeList<KeptObjects[L]> };

/** The lists of an organization, which a test fills and changes as the watcher does. */
export class FakeKept implements KeptOrganization {
  readonly principal: Principal = principalOf('partner');
  organizationId: string | undefined = 'o-exampleorgid';
  readonly lists: Lists = {
    organization: new FakeList(),
    roots: new FakeList(),
    accounts: new FakeList(),
    organizationalUnits: new FakeList(),
    policies: new FakeList(),
    policyAttachments: new FakeList(),
    policyContents: new FakeList(),
    tags: new FakeList(),
    delegatedAdministrators: new FakeList(),
    enabledServices: new FakeList(),
    resourcePolicy: new FakeList(),
    organizationHandshakes: new FakeList(),
    accountHandshakes: new FakeList(),
    inboundResponsibilityTransfers: new FakeList(),
    outboundResponsibilityTransfers: new FakeList(),
    createAccountStatuses: new FakeList(),
  };
  readonly listeners = new Set<(change: KeptChange) => void>();
  isReleased = false;

  list<L extends KeptListName>(name: L): Lists[L] {
    return this.lists[name];
  }

  onChange(listener: (change: KeptChange) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  refresh(): void {}

  release(): void {
    this.isReleased = true;
  }

  /** A complete read of a list. */
  fill<L extends KeptListName>(
    name: L,
    objects: Iterable<readonly [string, KeptObjects[L]]>,
    at: WallMs = wall(1_000),
  ): void {
    const list: FakeList<KeptObjects[L]> = this.lists[name];
    list.objects = new Map([...objects].map(([id, object]) => [id, { object, observedAt: at }]));
    Object.assign(list, { state: 'READY', asOf: at, progress: 1 });
    this.#emit({ list: name, changes: undefined });
  }

  /** Adds, replaces or removes objects of a list. */
  change<L extends KeptListName>(
    name: L,
    objects: Iterable<readonly [string, KeptObjects[L] | undefined]>,
    at: WallMs = wall(1_000),
  ): void {
    const list: FakeList<KeptObjects[L]> = this.lists[name];
    const known = list.objects ?? new Map();
    const changes = new Map<string, { before: unknown; after: unknown }>();
    for (const [id, after] of objects) {
      const before = known.get(id)?.object;
      if (after === undefined) known.delete(id);
      else known.set(id, { object: after, observedAt: at });
      changes.set(id, { before, after });
    }
    this.#emit({ list: name, changes });
  }

  #emit(change: KeptChange): void {
    for (const listener of this.listeners) listener(change);
  }
}
