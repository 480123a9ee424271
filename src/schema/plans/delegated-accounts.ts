import type { GraphContext } from '../context.ts';
import { accountsOfParentsPlan } from './accounts-of-parents.ts';
import { ListReader } from './list-sweep.ts';
import { Planner, type PlanOptions } from './planner.ts';
import type { Sweep } from './pool.ts';

export const delegatedAccountsPlan = 'delegated accounts';

/**
 * Which accounts administer any service: ListDelegatedAdministrators, 20 accounts a call at 5 a second, where
 * ListDelegatedServicesForAccount takes one call for each account, at 1 a second, and few accounts have any.
 */
class DelegatedAccountsSweep implements Sweep<boolean> {
  readonly #list: ListReader<'ListDelegatedAdministrators'>;
  readonly #delegated = new Set<string>();

  constructor(context: GraphContext) {
    this.#list = new ListReader(context, 'ListDelegatedAdministrators', {});
  }

  async step() {
    for (const { Id } of await this.#list.next()) if (Id !== undefined) this.#delegated.add(Id);
    return { calls: 1, complete: this.#list.complete };
  }

  answer(accountId: string): boolean | undefined {
    return this.#delegated.has(accountId) || (this.#list.complete ? false : undefined);
  }
}

const plan = (context: GraphContext): PlanOptions<boolean> => ({
  kind: delegatedAccountsPlan,
  direct: 'ListDelegatedServicesForAccount',
  swept: 'ListDelegatedAdministrators',
  sweep: () => new DelegatedAccountsSweep(context),
  fedBy: [
    accountsOfParentsPlan,
    'ListOrganizationalUnitsForParent',
    'ListAccounts',
    'ListAccountsForParent',
    'ListChildren',
    'ListTargetsForPolicy',
  ],
});

/**
 * Whether an account administers any service; undefined when that is not known without asking for its services.
 * The account must be one of the organization: of another, it would look as if it had none, instead of an error.
 */
export const isDelegated = (context: GraphContext, accountId: string): Promise<boolean | undefined> =>
  Planner.of(context).demand(delegatedAccountsPlan, accountId, plan(context));
