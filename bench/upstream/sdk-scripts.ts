import {
  type Account,
  DescribeOrganizationCommand,
  ListInboundResponsibilityTransfersCommand,
  ListRootsCommand,
  ListTagsForResourceCommand,
  type OrganizationalUnit,
  type OrganizationsClient,
  type PolicySummary,
  paginateListAccounts,
  paginateListAccountsForParent,
  paginateListHandshakesForOrganization,
  paginateListOrganizationalUnitsForParent,
  paginateListPoliciesForTarget,
  type ResponsibilityTransfer,
  type Tag,
} from '@aws-sdk/client-organizations';

// The work of each query as an idiomatic SDK script: with paginators, retries, and a few parallel calls.

/** AWS's maximum page size. */
const pageSize = 20;
const sideBySide = 5;

async function collect<P, T>(pages: AsyncIterable<P>, items: (page: P) => readonly T[] | undefined): Promise<T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(...(items(page) ?? []));
  return all;
}

async function mapSideBySide<T, R>(values: readonly T[], map: (value: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = values.entries();
  await Promise.all(
    Array.from({ length: sideBySide }, async () => {
      for (const [index, value] of queue) results[index] = await map(value);
    }),
  );
  return results;
}

export async function accounts(client: OrganizationsClient): Promise<Account[]> {
  await client.send(new DescribeOrganizationCommand({}));
  return collect(paginateListAccounts({ client, pageSize }, {}), (page) => page.Accounts);
}

interface Branch {
  readonly parentId: string;
  readonly units: readonly OrganizationalUnit[];
  readonly accounts: readonly Account[];
}

export async function tree(client: OrganizationsClient): Promise<Branch[]> {
  await client.send(new DescribeOrganizationCommand({}));
  const { Roots = [] } = await client.send(new ListRootsCommand({}));
  const branches: Branch[] = [];
  let level = Roots.map(({ Id = '' }) => Id);
  for (let depth = 0; level.length > 0; depth += 1) {
    const found = await mapSideBySide(
      level,
      async (parentId): Promise<Branch> => ({
        parentId,
        // Units are at most five levels deep.
        units:
          depth < 5
            ? await collect(
                paginateListOrganizationalUnitsForParent({ client, pageSize }, { ParentId: parentId }),
                (page) => page.OrganizationalUnits,
              )
            : [],
        accounts: await collect(
          paginateListAccountsForParent({ client, pageSize }, { ParentId: parentId }),
          (page) => page.Accounts,
        ),
      }),
    );
    branches.push(...found);
    level = found.flatMap(({ units }) => units.map(({ Id = '' }) => Id));
  }
  return branches;
}

export async function treeWithPolicies(client: OrganizationsClient): Promise<PolicySummary[][]> {
  const branches = await tree(client);
  const targets = branches.flatMap(({ parentId, accounts: own }) => [parentId, ...own.map(({ Id = '' }) => Id)]);
  return mapSideBySide(targets, (TargetId) =>
    collect(
      paginateListPoliciesForTarget({ client, pageSize }, { TargetId, Filter: 'SERVICE_CONTROL_POLICY' }),
      (page) => page.Policies,
    ),
  );
}

export async function tags(client: OrganizationsClient, count: number): Promise<Tag[][]> {
  await client.send(new DescribeOrganizationCommand({}));
  const some: Account[] = [];
  for await (const { Accounts = [] } of paginateListAccounts({ client, pageSize }, {})) {
    some.push(...Accounts);
    if (some.length >= count) break;
  }
  return mapSideBySide(some.slice(0, count), async ({ Id }) => {
    const { Tags = [] } = await client.send(new ListTagsForResourceCommand({ ResourceId: Id }));
    return Tags;
  });
}

export async function handshakes(client: OrganizationsClient): Promise<unknown> {
  await client.send(new DescribeOrganizationCommand({}));
  const sent = await collect(
    paginateListHandshakesForOrganization({ client, pageSize }, { Filter: { ActionType: 'TRANSFER_RESPONSIBILITY' } }),
    (page) => page.Handshakes,
  );
  // The SDK has no paginator for this list.
  const transfers: ResponsibilityTransfer[] = [];
  for (let NextToken: string | undefined; ; ) {
    const page = await client.send(new ListInboundResponsibilityTransfersCommand({ Type: 'BILLING', NextToken }));
    transfers.push(...(page.ResponsibilityTransfers ?? []));
    NextToken = page.NextToken;
    if (NextToken === undefined) return { sent, transfers };
  }
}
