import type { aws } from '../upstream/index.ts';
import { ancestorsInPath, isAfterSegment, parentInPath } from '../watcher/paths.ts';

interface AccountsOfParent {
  /** The path of the account that was added last, for the ids above them. */
  path: string;
  readonly ids: Set<string>;
}

const pathOf = (account: aws.Account): string | undefined => account.Paths?.[0];

/** The ids of accounts by the root or unit that they are in, according to their paths. */
export class AccountsByParent {
  readonly #parents = new Map<string, AccountsOfParent>();
  readonly #withoutPath = new Set<string | undefined>();
  /** The number of accounts below each root and unit; computed when it is needed. */
  #counts: Map<string, number> | undefined;

  /** Whether the parents of all accounts are known. */
  get isComplete(): boolean {
    return this.#withoutPath.size === 0;
  }

  clear(): void {
    this.#parents.clear();
    this.#withoutPath.clear();
    this.#counts = undefined;
  }

  change(before: aws.Account | undefined, after: aws.Account | undefined): void {
    if (before !== undefined && after !== undefined && pathOf(before) === pathOf(after)) return;
    this.#counts = undefined;
    if (before !== undefined) this.#remove(before);
    if (after !== undefined) this.#add(after);
  }

  /** The accounts directly in a root or unit. */
  idsIn(parentId: string): ReadonlySet<string> {
    return this.#parents.get(parentId)?.ids ?? new Set();
  }

  /** The accounts in a root or unit and in those below it. */
  idsUnder(id: string): Set<string> {
    return this.#idsWhere(isAfterSegment(id));
  }

  /** The accounts in or below any of these roots and units. */
  idsUnderAny(ids: ReadonlySet<string>): Set<string> {
    return this.#idsWhere((path) => ancestorsInPath(path).some((id) => ids.has(id)));
  }

  count(parentId: string, descendants: boolean): number {
    if (!descendants) return this.idsIn(parentId).size;
    this.#counts ??= this.#countAll();
    return this.#counts.get(parentId) ?? 0;
  }

  #idsWhere(matches: (path: string) => boolean): Set<string> {
    const found = new Set<string>();
    for (const { path, ids } of this.#parents.values()) if (matches(path)) for (const id of ids) found.add(id);
    return found;
  }

  #countAll(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { path, ids } of this.#parents.values())
      for (const id of ancestorsInPath(path)) counts.set(id, (counts.get(id) ?? 0) + ids.size);
    return counts;
  }

  #add(account: aws.Account): void {
    const path = pathOf(account);
    const parentId = parentInPath(path);
    if (path === undefined || parentId === undefined || account.Id === undefined) {
      this.#withoutPath.add(account.Id);
      return;
    }
    const parent = this.#parents.get(parentId);
    if (parent === undefined) this.#parents.set(parentId, { path, ids: new Set([account.Id]) });
    else {
      parent.path = path;
      parent.ids.add(account.Id);
    }
  }

  #remove(account: aws.Account): void {
    const parentId = parentInPath(pathOf(account));
    if (parentId === undefined || account.Id === undefined) {
      this.#withoutPath.delete(account.Id);
      return;
    }
    const parent = this.#parents.get(parentId);
    parent?.ids.delete(account.Id);
    if (parent?.ids.size === 0) this.#parents.delete(parentId);
  }
}
