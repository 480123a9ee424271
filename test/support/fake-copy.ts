import type { CopiedList, CopyReader, Dated, OrderPosition, OrganizationCopy } from '../../src/inventory/types.ts';
import type { aws, WallMs } from '../../src/upstream/index.ts';
import type { KeptListName } from '../../src/watcher/kept-types.ts';

/** A copy with the accounts alone, which tests change at will. */
export interface FakeCopy extends OrganizationCopy {
  epoch: string;
  asOf: WallMs;
  /** Undefined while the copy does not hold the list. */
  accounts: readonly aws.Account[] | undefined;
}

export const TEST_EPOCH = 'o-exampleorgid';

export function fakeCopy(accounts: readonly aws.Account[] | undefined, asOf = Date.now() as WallMs): FakeCopy {
  const copy: FakeCopy = {
    epoch: TEST_EPOCH,
    asOf,
    accounts,
    status: { state: 'READY', asOf, progress: 1, lists: [] },
    refresh: () => 0,
    history: undefined,
    reader: (oldest) => readerOf(copy, oldest),
  };
  return copy;
}

function readerOf(copy: FakeCopy, oldest: WallMs): CopyReader {
  const accepted = () => (copy.asOf >= oldest ? copy.accounts : undefined);
  const list = (operation: string) => {
    const accounts = operation === 'ListAccounts' ? accepted() : undefined;
    return accounts && listById(copy, accounts);
  };
  const reply = (operation: string, input: object): Dated<object> | undefined => {
    const accounts = accepted();
    if (accounts === undefined || Reflect.get(input, 'NextToken') !== undefined) return undefined;
    if (operation === 'ListAccounts') return { value: { Accounts: accounts }, asOf: copy.asOf };
    const id: unknown = Reflect.get(input, 'AccountId');
    const account = operation === 'DescribeAccount' ? accounts.find(({ Id }) => Id === id) : undefined;
    return account && { value: { Account: account }, asOf: copy.asOf };
  };
  return {
    reply: reply as CopyReader['reply'],
    list: list as unknown as CopyReader['list'],
    accounts: () => list('ListAccounts'),
    organizationalUnits: () => undefined,
    handshakes: () => undefined,
    responsibilityTransfers: () => undefined,
    ancestors: () => undefined,
    policyLevels: () => undefined,
    policyTree: () => undefined,
    accountCount: () => undefined,
    size: (name: KeptListName) => (name === 'accounts' ? accepted()?.length : undefined),
  };
}

function listById({ epoch, asOf }: FakeCopy, accounts: readonly aws.Account[]): CopiedList<aws.Account> {
  const positionOf = ({ Id = '' }: aws.Account): OrderPosition => ({ key: Id, id: Id });
  const sorted = accounts.toSorted((a, b) => ((a.Id ?? '') < (b.Id ?? '') ? -1 : 1));
  return {
    epoch,
    asOf,
    length: sorted.length,
    after(position, first) {
      const start = position === undefined ? 0 : sorted.findIndex(({ Id = '' }) => Id > position.id);
      return start < 0 ? [] : sorted.slice(start, start + first);
    },
    positionOf,
  };
}
