import type { aws } from '../../upstream/index.ts';
import type { GraphContext } from '../context.ts';
import { ScanImpossible, type ScannedLists } from './list-scan.ts';
import { type KeyedRead, loadByKey } from './load-by-key.ts';
import { ListPages } from './replies.ts';

export const accountsOfParentsKind = 'accounts of parents';

/**
 * The accounts of each parent, by the paths in ListAccounts: one call for 20 accounts at 8 a second, where
 * ListAccountsForParent takes one call for each parent at least, at 5 a second.
 */
class AccountsByParent implements ScannedLists<readonly aws.Account[]> {
  readonly #pages: ListPages<'ListAccounts'>;
  readonly #byParent = new Map<string, aws.Account[]>();

  constructor(context: GraphContext) {
    this.#pages = new ListPages(context, { operation: 'ListAccounts', input: {} });
  }

  async readNext() {
    for (const account of (await this.#pages.next()).items) {
      for (const parentId of parentsOf(account)) {
        const siblings = this.#byParent.get(parentId);
        if (siblings === undefined) this.#byParent.set(parentId, [account]);
        else siblings.push(account);
      }
    }
    return { calls: 1, isComplete: this.#pages.isComplete };
  }

  find(parentId: string): readonly aws.Account[] | undefined {
    return this.#pages.isComplete ? (this.#byParent.get(parentId) ?? []) : undefined;
  }
}

/** Paths look like `o-…/r-…/ou-…/123456789012/` (API model, shape Path). Some emulators do not have them. */
function parentsOf({ Id, Paths }: aws.Account): readonly string[] {
  if (Paths === undefined || Paths.length === 0) throw new ScanImpossible();
  return Paths.map((path) => {
    const steps = path.split('/').filter((step) => step !== '');
    const parentId = steps.at(-1) === Id ? steps.at(-2) : undefined;
    if (parentId === undefined) throw new ScanImpossible();
    return parentId;
  });
}

const accountsOfParents: KeyedRead<string, readonly aws.Account[] | undefined> = {
  name: accountsOfParentsKind,
  cacheKey: (parentId) => parentId,
  read: async () => undefined,
  scan: {
    kind: accountsOfParentsKind,
    direct: 'ListAccountsForParent',
    scanned: 'ListAccounts',
    dependsOn: ['ListOrganizationalUnitsForParent'],
    lists: (context) => new AccountsByParent(context),
  },
};

/** Loads all accounts directly in a parent, in the order of ListAccounts; undefined when ListAccountsForParent is cheaper. */
export const loadAccountsOfParent = async (context: GraphContext, parentId: string) =>
  loadByKey(context, accountsOfParents, parentId);

/** The same from ListAccounts, whatever it costs. */
export async function scanAccountsOfParent(context: GraphContext, parentId: string): Promise<readonly aws.Account[]> {
  const accounts = new AccountsByParent(context);
  while (!(await accounts.readNext()).isComplete);
  return accounts.find(parentId) ?? [];
}
