import { idOrder } from '../../inventory/orders.ts';
import type { AccountReach, CopyReader } from '../../inventory/types.ts';
import type { aws } from '../../upstream/index.ts';
import { ancestorsInPath } from '../../watcher/paths.ts';
import type { Connection, ConnectionArgs } from '../connection.ts';
import type { GraphContext } from '../context.ts';
import { copiedConnection } from '../copied-connection.ts';
import { typeOfId } from '../ids.ts';
import { loadObject } from '../loaders/objects-by-id.ts';
import { readAllItems } from '../loaders/replies.ts';
import { pathCompletion } from './account-paths.ts';
import { createSortedList, readPositionedList } from './positioned-list.ts';

/** Accounts that policies reach, in the order of their ids. */
export interface ReachedAccounts<T> {
  /** What determines the reach, as text. */
  readonly conditions: string;
  /** Which accounts they are in the copy; undefined if it does not know. */
  readonly inCopy: (reader: CopyReader) => AccountReach | undefined;
  readonly live: () => AccountReach | Promise<AccountReach>;
  readonly node: (account: aws.Account) => T;
}

/**
 * Reads accounts from the copy of the organization, or else from AWS to the end of the list.
 * @throws GraphQLError BAD_USER_INPUT for a `first` out of range, INVALID_CURSOR, INVENTORY_CURSOR_EXPIRED.
 * @throws UpstreamError when a list cannot be read (by rejecting).
 */
export function readReachedAccounts<T>(
  context: GraphContext,
  { conditions, inCopy, live, node }: ReachedAccounts<T>,
  args: ConnectionArgs,
): Connection<T> | Promise<Connection<T>> {
  const list = (reader: CopyReader) => {
    const reach = inCopy(reader);
    return reach && reader.accounts({ reach });
  };
  const request = { operation: 'ListAccounts', input: {} } as const;
  const copied = copiedConnection(
    context,
    { ...request, key: ({ Id }) => Id, node, copied: { conditions, list } },
    args,
  );
  if (copied !== undefined) return copied;
  const readAll = async () => readAccountsInReach(context, await live());
  return readPositionedList(context, { request, conditions, node, ...createSortedList(idOrder, readAll) }, args);
}

/** Without a root or unit among the levels, the accounts are read by their ids. */
async function readAccountsInReach(
  context: GraphContext,
  { levels, accounts }: AccountReach,
): Promise<readonly aws.Account[]> {
  const isDecided = ({ Id = '' }: aws.Account): boolean => accounts.has(Id) || levels.has(Id);
  const isReached = ({ Id = '', Paths }: aws.Account): boolean =>
    accounts.get(Id) ??
    (levels.has(Id) || Paths?.some((path) => ancestorsInPath(path).some((id) => levels.has(id))) === true);
  const { isComplete, complete } = pathCompletion(context);
  const completion = { isComplete: (account: aws.Account) => isDecided(account) || isComplete(account), complete };
  if ([...levels].some((id) => typeOfId(id) !== 'Account'))
    return readAllItems(context, {
      operation: 'ListAccounts',
      input: {},
      filter: { key: '', matches: isReached, completion },
    });
  const ids = new Set([...levels, ...accounts.keys()].filter((id) => accounts.get(id) ?? true));
  const found = await Promise.all([...ids].map((id) => loadObject(context, 'Account', id)));
  return found.filter((account) => account !== null);
}
