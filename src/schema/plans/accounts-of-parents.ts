import type { aws } from '../../upstream/index.ts';
import type { GraphContext } from '../context.ts';
import { ListReader } from './list-sweep.ts';
import { Planner, type PlanOptions } from './planner.ts';
import { NoPlan, type Sweep } from './pool.ts';

export const accountsOfParentsPlan = 'accounts of parents';

/**
 * The accounts of each parent, by the paths that ListAccounts tells: one call for 20 accounts at 8 a second, where
 * ListAccountsForParent takes one call for each parent at least, at 5 a second.
 */
class AccountsSweep implements Sweep<readonly aws.Account[]> {
  readonly #list: ListReader<'ListAccounts'>;
  readonly #byParent = new Map<string, aws.Account[]>();

  constructor(context: GraphContext) {
    this.#list = new ListReader(context, 'ListAccounts', {});
  }

  async step() {
    for (const account of await this.#list.next()) {
      for (const parentId of parentsOf(account)) {
        const siblings = this.#byParent.get(parentId);
        if (siblings === undefined) this.#byParent.set(parentId, [account]);
        else siblings.push(account);
      }
    }
    return { calls: 1, complete: this.#list.complete };
  }

  answer(parentId: string): readonly aws.Account[] | undefined {
    return this.#list.complete ? (this.#byParent.get(parentId) ?? []) : undefined;
  }
}

/** Paths look like `o-…/r-…/ou-…/123456789012/` (API model, shape Path). Not every emulator tells them. */
function parentsOf({ Id, Paths }: aws.Account): readonly string[] {
  if (Paths === undefined || Paths.length === 0) throw new NoPlan();
  return Paths.map((path) => {
    const steps = path.split('/').filter((step) => step !== '');
    const parentId = steps.at(-1) === Id ? steps.at(-2) : undefined;
    if (parentId === undefined) throw new NoPlan();
    return parentId;
  });
}

const plan = (context: GraphContext): PlanOptions<readonly aws.Account[]> => ({
  kind: accountsOfParentsPlan,
  direct: 'ListAccountsForParent',
  swept: 'ListAccounts',
  sweep: () => new AccountsSweep(context),
  fedBy: ['ListOrganizationalUnitsForParent'],
});

/** All accounts directly in a parent, in the order of ListAccounts; undefined when they are to be read from ListAccountsForParent. */
export function accountsOfParent(context: GraphContext, parentId: string): Promise<readonly aws.Account[] | undefined> {
  return Planner.of(context).demand(accountsOfParentsPlan, parentId, plan(context));
}

/** The same, whatever it costs. */
export async function sweepAccountsOfParent(context: GraphContext, parentId: string): Promise<readonly aws.Account[]> {
  const sweep = new AccountsSweep(context);
  while (!(await sweep.step()).complete);
  return sweep.answer(parentId) ?? [];
}
