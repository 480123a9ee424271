import type { aws } from '../../upstream/index.ts';
import type { GraphContext } from '../context.ts';
import { ScanNotPossibleError, type ScannedLists } from './list-scan.ts';
import { type KeyedRead, loadByKey } from './load-by-key.ts';
import { ListPages } from './replies.ts';

export const accountsOfParentsScan = 'accounts of parents';

/**
 * Finds the accounts of each parent by the paths in ListAccounts, with 20 accounts a call and 8 calls a second.
 * ListAccountsForParent takes at least one call for each parent, at 5 calls a second.
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
  if (Paths === undefined || Paths.length === 0) throw new ScanNotPossibleError();
  return Paths.map((path) => {
    const steps = path.split('/').filter((step) => step !== '');
    const parentId = steps.at(-1) === Id ? steps.at(-2) : undefined;
    if (parentId === undefined) throw new ScanNotPossibleError();
    return parentId;
  });
}

const accountsOfParents: KeyedRead<string, readonly aws.Account[] | undefined> = {
  name: accountsOfParentsScan,
  cacheKey: (parentId) => parentId,
  read: async () => undefined,
  scan: {
    name: accountsOfParentsScan,
    directOperation: 'ListAccountsForParent',
    listOperation: 'ListAccounts',
    dependsOn: ['ListOrganizationalUnitsForParent'],
    createLists: (context) => new AccountsByParent(context),
  },
};

/**
 * Loads the accounts directly in a parent, as ListAccounts orders them; undefined if ListAccountsForParent is cheaper.
 */
export const loadAccountsOfParent = async (context: GraphContext, parentId: string) =>
  loadByKey(context, accountsOfParents, parentId);

/** Loads the same list from ListAccounts, even if that takes more calls. */
export async function scanAccountsOfParent(context: GraphContext, parentId: string): Promise<readonly aws.Account[]> {
  const accounts = new AccountsByParent(context);
  while (!(await accounts.readNext()).isComplete);
  return accounts.find(parentId) ?? [];
}
