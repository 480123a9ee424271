import { createOperationDescriptor, type Environment, fetchQuery, getSingularSelector } from 'relay-runtime';
import AccountListFragment, {
  type AccountList_organization$data,
} from './__generated__/AccountList_organization.graphql.ts';
import PaginationQuery, {
  type AccountListPaginationQuery,
} from './__generated__/AccountListPaginationQuery.graphql.ts';
import ListQuery, {
  type AccountListQuery,
  type AccountListQuery$data,
} from './__generated__/AccountListQuery.graphql.ts';
import AccountRowFragment, { type AccountRow_account$data } from './__generated__/AccountRow_account.graphql.ts';
import RefetchQuery, { type AccountRowRefetchQuery } from './__generated__/AccountRowRefetchQuery.graphql.ts';
import StreamQuery, {
  type AccountStreamQuery,
  type AccountStreamQuery$data,
} from './__generated__/AccountStreamQuery.graphql.ts';
import { readStore } from './read-store.ts';

// What `usePaginationFragment` and `useRefetchableFragment` do for a React component, in plain functions.

export interface AccountList {
  /** The accounts in the store. */
  read(): readonly AccountRow_account$data[];
  hasNext(): boolean;
  /** Adds the next `count` accounts to the list in the store. */
  loadNext(count: number): Promise<void>;
  /** Releases the list, so that the store may evict it. */
  release(): void;
}

/** Reads the first accounts of the principal's organization. */
export async function openAccountList(environment: Environment, count: number): Promise<AccountList> {
  const operation = createOperationDescriptor(ListQuery, { count });
  const retained = environment.retain(operation);
  await fetchQuery<AccountListQuery>(environment, ListQuery, { count }).toPromise();
  const list = (): AccountList_organization$data => {
    const { organization } = readStore<AccountListQuery$data>(environment, operation.fragment);
    if (organization == null) throw new Error("The principal's account is in no organization.");
    const selector = getSingularSelector(AccountListFragment, organization);
    return readStore<AccountList_organization$data>(environment, selector);
  };
  return {
    read: () => list().accounts?.edges.map(({ node }) => row(environment, node)) ?? [],
    hasNext: () => list().accounts?.pageInfo.hasNextPage ?? false,
    async loadNext(next) {
      const { id, accounts } = list();
      await fetchQuery<AccountListPaginationQuery>(environment, PaginationQuery, {
        id,
        count: next,
        cursor: accounts?.pageInfo.endCursor ?? null,
      }).toPromise();
    },
    release: () => retained.dispose(),
  };
}

/** Reads accounts in one request, and calls `onMore` for each part of the list. */
export function streamAccounts(
  environment: Environment,
  count: number,
  onMore: (accounts: readonly AccountRow_account$data[]) => void,
): Promise<void> {
  const operation = createOperationDescriptor(StreamQuery, { count });
  const retained = environment.retain(operation);
  return new Promise<void>((resolve, reject) => {
    fetchQuery<AccountStreamQuery>(environment, StreamQuery, { count }).subscribe({
      next: () => {
        const { organization } = readStore<AccountStreamQuery$data>(environment, operation.fragment);
        onMore(organization?.accounts?.edges.map(({ node }) => row(environment, node)) ?? []);
      },
      error: reject,
      complete: resolve,
    });
  }).finally(() => retained.dispose());
}

/** Refetches one account by `node(id:)`, which updates its record everywhere. */
export async function refetchAccount(environment: Environment, id: string): Promise<void> {
  await fetchQuery<AccountRowRefetchQuery>(
    environment,
    RefetchQuery,
    { id },
    { fetchPolicy: 'network-only' },
  ).toPromise();
}

function row(environment: Environment, node: unknown): AccountRow_account$data {
  return readStore<AccountRow_account$data>(environment, getSingularSelector(AccountRowFragment, node));
}
