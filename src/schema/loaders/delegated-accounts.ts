import type { GraphContext } from '../context.ts';
import { accountsOfParentsScan } from './accounts-of-parents.ts';
import type { ScannedLists } from './list-scan.ts';
import { type KeyedRead, loadByKey } from './load-by-key.ts';
import { ListPages } from './replies.ts';

export const delegatedAccountsScan = 'delegated accounts';

/**
 * Finds the accounts that administer a service in ListDelegatedAdministrators, with 20 accounts a call and 5 calls a
 * second. ListDelegatedServicesForAccount takes a call for each account, at 1 call a second, mostly for empty lists.
 */
class DelegatedAccounts implements ScannedLists<boolean> {
  readonly #pages: ListPages<'ListDelegatedAdministrators'>;
  readonly #delegated = new Set<string>();

  constructor(context: GraphContext) {
    this.#pages = new ListPages(context, { operation: 'ListDelegatedAdministrators', input: {} });
  }

  async readNext() {
    for (const { Id } of (await this.#pages.next()).items) if (Id !== undefined) this.#delegated.add(Id);
    return { calls: 1, isComplete: this.#pages.isComplete };
  }

  find(accountId: string): boolean | undefined {
    return this.#delegated.has(accountId) || (this.#pages.isComplete ? false : undefined);
  }
}

const delegatedAccounts: KeyedRead<string, boolean | undefined> = {
  name: delegatedAccountsScan,
  cacheKey: (accountId) => accountId,
  read: async () => undefined,
  scan: {
    name: delegatedAccountsScan,
    directOperation: 'ListDelegatedServicesForAccount',
    listOperation: 'ListDelegatedAdministrators',
    dependsOn: [
      accountsOfParentsScan,
      'ListOrganizationalUnitsForParent',
      'ListAccounts',
      'ListAccountsForParent',
      'ListChildren',
      'ListTargetsForPolicy',
    ],
    createLists: (context) => new DelegatedAccounts(context),
  },
};

/**
 * Loads whether an account administers any service; undefined if ListDelegatedServicesForAccount is cheaper.
 * The account must be in the organization: for any other one, the result would be false instead of an error.
 */
export const isDelegated = async (context: GraphContext, accountId: string) =>
  loadByKey(context, delegatedAccounts, accountId);
