import {
  type Account,
  DescribeOrganizationalUnitCommand,
  DescribeOrganizationCommand,
  DescribeResponsibilityTransferCommand,
  type Handshake,
  ListParentsCommand,
  ListRootsCommand,
  ListTagsForResourceCommand,
  type OrganizationalUnit,
  type OrganizationsClient,
  paginateListAccounts,
  paginateListAccountsForParent,
  paginateListHandshakesForOrganization,
  paginateListOrganizationalUnitsForParent,
  paginateListPoliciesForTarget,
} from '@aws-sdk/client-organizations';
import { execute, type GraphQLSchema, parse } from 'graphql';

interface First {
  readonly first: number;
}

/**
 * The same graph on a server with a resolver per field: each field calls AWS, and nothing is shared. GraphQL's default
 * resolver calls an object's methods.
 */
function naiveRoot(client: OrganizationsClient) {
  async function connection<P, T>(
    pages: AsyncIterable<P>,
    items: (page: P) => readonly T[] | undefined,
    first: number,
  ) {
    const nodes: T[] = [];
    for await (const page of pages) {
      nodes.push(...(items(page) ?? []));
      if (nodes.length >= first) break;
    }
    return nodes.slice(0, first);
  }
  const config = { client, pageSize: 20 };

  const policies = (TargetId: string | undefined) => async () => ({
    nodes: (
      await connection(
        paginateListPoliciesForTarget(config, { TargetId, Filter: 'SERVICE_CONTROL_POLICY' }),
        (page) => page.Policies,
        20,
      )
    ).map(({ Id, Name }) => ({ id: Id, name: Name })),
  });

  const parent = (ChildId: string | undefined) => async () => {
    const { Parents: [found] = [] } = await client.send(new ListParentsCommand({ ChildId }));
    return {
      __typename: found?.Type === 'ROOT' ? 'Root' : 'OrganizationalUnit',
      id: found?.Id,
      name: async () => {
        if (found?.Type === 'ROOT') return (await client.send(new ListRootsCommand({}))).Roots?.[0]?.Name;
        const input = { OrganizationalUnitId: found?.Id };
        return (await client.send(new DescribeOrganizationalUnitCommand(input))).OrganizationalUnit?.Name;
      },
    };
  };

  const account = ({ Id, Name, Email, State, JoinedTimestamp }: Account) => ({
    id: Id,
    name: Name,
    email: Email,
    state: State,
    joinedTimestamp: JoinedTimestamp,
    parent: parent(Id),
    policies: policies(Id),
    tags: async () => {
      const { Tags = [] } = await client.send(new ListTagsForResourceCommand({ ResourceId: Id }));
      return { nodes: Tags.map(({ Key, Value }) => ({ key: Key, value: Value })) };
    },
  });

  const inside = (ParentId: string | undefined) => ({
    policies: policies(ParentId),
    accounts: async ({ first }: First) => ({
      nodes: (
        await connection(paginateListAccountsForParent(config, { ParentId }), (page) => page.Accounts, first)
      ).map(account),
    }),
    organizationalUnits: async ({ first }: First): Promise<object> => ({
      nodes: (
        await connection(
          paginateListOrganizationalUnitsForParent(config, { ParentId }),
          (page) => page.OrganizationalUnits,
          first,
        )
      ).map(unit),
    }),
  });
  const unit = ({ Id, Name }: OrganizationalUnit): object => ({
    id: Id,
    name: Name,
    parent: parent(Id),
    ...inside(Id),
  });

  const handshake = ({ Id, State, Parties = [], Resources = [] }: Handshake) => ({
    id: Id,
    state: State,
    recipient: () => ({ id: Parties.find(({ Type }) => Type !== 'ORGANIZATION')?.Id }),
    responsibilityTransfer: async () => {
      const id = Resources.find(({ Type }) => Type === 'RESPONSIBILITY_TRANSFER')?.Value;
      const reply = await client.send(new DescribeResponsibilityTransferCommand({ Id: id }));
      const { Name, Status, StartTimestamp } = reply.ResponsibilityTransfer ?? {};
      return { id, name: Name, status: Status, startTimestamp: StartTimestamp };
    },
  });

  return {
    organization: async () => {
      const { Organization } = await client.send(new DescribeOrganizationCommand({}));
      return {
        id: Organization?.Id,
        root: async () => {
          const { Roots: [root] = [] } = await client.send(new ListRootsCommand({}));
          return { id: root?.Id, name: root?.Name, ...inside(root?.Id) };
        },
        accounts: async ({ first }: First) => ({
          nodes: (await connection(paginateListAccounts(config, {}), (page) => page.Accounts, first)).map(account),
        }),
        handshakes: async ({ first }: First) => ({
          nodes: (
            await connection(
              paginateListHandshakesForOrganization(config, { Filter: { ActionType: 'TRANSFER_RESPONSIBILITY' } }),
              (page) => page.Handshakes,
              first,
            )
          ).map(handshake),
        }),
      };
    },
  };
}

/** Runs a query on this server. Resolves to the messages of the errors in the response. */
export async function runNaively(
  schema: GraphQLSchema,
  client: OrganizationsClient,
  query: string,
  variableValues: Readonly<Record<string, unknown>>,
): Promise<readonly string[]> {
  const result = await execute({ schema, document: parse(query), rootValue: naiveRoot(client), variableValues });
  return result.errors?.map(({ message }) => message) ?? [];
}
