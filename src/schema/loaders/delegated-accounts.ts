import type { GraphContext } from '../context.ts';
import { accountsOfParentsKind } from './accounts-of-parents.ts';
import type { ScannedLists } from './list-scan.ts';
import { type KeyedRead, loadByKey } from './load-by-key.ts';
import { ListPages } from './replies.ts';

export const delegatedAccountsKind = 'delegated accounts';

/**
 * Which accounts administer any service: ListDelegatedAdministrators, 20 accounts a call at 5 a second, where
 * ListDelegatedServicesForAccount takes one call for each account, at 1 a second, and few accounts have any.
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
  name: delegatedAccountsKind,
  cacheKey: (accountId) => accountId,
  read: async () => undefined,
  scan: {
    kind: delegatedAccountsKind,
    direct: 'ListDelegatedServicesForAccount',
    scanned: 'ListDelegatedAdministrators',
    dependsOn: [
      accountsOfParentsKind,
      'ListOrganizationalUnitsForParent',
      'ListAccounts',
      'ListAccountsForParent',
      'ListChildren',
      'ListTargetsForPolicy',
    ],
    lists: (context) => new DelegatedAccounts(context),
  },
};

/**
 * Loads whether an account administers any service; undefined when only ListDelegatedServicesForAccount says so.
 * The account must be one of the organization: another one would look as if it had none, instead of an error.
 */
export const isDelegated = async (context: GraphContext, accountId: string) =>
  loadByKey(context, delegatedAccounts, accountId);
