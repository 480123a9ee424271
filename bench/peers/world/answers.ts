import type { OperationName, Page } from '../../../src/upstream/index.ts';
import { ROOT_ID, type World } from './world.ts';

/** Maximum page size of AWS Organizations. */
const PAGE = 20;

interface Answer {
  readonly output: object;
  /** The output as a page, if the operation is a list. */
  readonly page: Page<unknown> | undefined;
}

export interface Answers {
  /** By `answerKey`. */
  readonly reads: ReadonlyMap<string, Answer>;
  /** Runs a write. Returns undefined if the world does not have it. */
  write(operation: OperationName, input: object): object | undefined;
}

interface Asked {
  readonly ParentId?: string;
  readonly AccountId?: string;
  readonly OrganizationalUnitId?: string;
  readonly NextToken?: string;
}

/** Returns a key that identifies a request in this world. */
export function answerKey(operation: OperationName, input: object): string {
  const { ParentId, AccountId, OrganizationalUnitId, NextToken = '' }: Asked = input;
  return `${operation} ${ParentId ?? AccountId ?? OrganizationalUnitId ?? ''} ${NextToken}`;
}

/** Precomputes all results of the world. */
export function createAnswers({ organization, root, accounts, unitsByParent, accountsByParent }: World): Answers {
  const reads = new Map<string, Answer>();
  const keep = (operation: OperationName, input: Asked, output: object, page?: Page<unknown>) =>
    reads.set(answerKey(operation, input), { output, page });
  const keepList = (operation: OperationName, input: Asked, member: string, all: readonly unknown[]) => {
    for (let start = 0; start === 0 || start < all.length; start += PAGE) {
      const items = all.slice(start, start + PAGE);
      const nextToken = start + PAGE < all.length ? tokenOf(start + PAGE) : undefined;
      const asked = start === 0 ? input : { ...input, NextToken: tokenOf(start) };
      keep(operation, asked, { [member]: items, NextToken: nextToken }, { items, nextToken });
    }
  };

  const units = [...unitsByParent.values()].flat();
  keep('DescribeOrganization', {}, { Organization: organization });
  keepList('ListRoots', {}, 'Roots', [root]);
  keepList('ListAccounts', {}, 'Accounts', accounts);
  for (const account of accounts) keep('DescribeAccount', { AccountId: account.Id ?? '' }, { Account: account });
  for (const unit of units) {
    keep('DescribeOrganizationalUnit', { OrganizationalUnitId: unit.Id ?? '' }, { OrganizationalUnit: unit });
  }
  for (const ParentId of [ROOT_ID, ...units.map(({ Id }) => Id ?? '')]) {
    keepList(
      'ListOrganizationalUnitsForParent',
      { ParentId },
      'OrganizationalUnits',
      unitsByParent.get(ParentId) ?? [],
    );
    keepList('ListAccountsForParent', { ParentId }, 'Accounts', accountsByParent.get(ParentId) ?? []);
  }

  return {
    reads,
    write(operation, input) {
      const { OrganizationalUnitId, Name }: { OrganizationalUnitId?: string; Name?: string } = input;
      const unit = units.find(({ Id }) => Id === OrganizationalUnitId);
      if (operation !== 'UpdateOrganizationalUnit' || unit === undefined || Name === undefined) return undefined;
      unit.Name = Name;
      return { OrganizationalUnit: unit };
    },
  };
}

/** Opaque, and as long as AWS's tokens can be. */
const tokenOf = (start: number): string => Buffer.from(`the page that begins behind item ${start}`).toString('base64');
