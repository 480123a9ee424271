import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSchema, createYoga } from 'graphql-yoga';

/** The subgraph of docs/federation.md, which knows costs. */
export const costsSchema = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
type Account @key(fields: "id") { id: ID! monthlyCost: Float! }
type Query { mostExpensiveAccounts: [Account!]! }
`;

interface Account {
  readonly __typename: string;
  readonly id: string;
}

/** The cost of an account: its id divided by a billion, so that each account has its own. */
export const costOf = (id: string): number => Math.round(Number(id) / 1_000_000_000);

/** Starts the subgraph, with the fields that gateways of supergraphs call. */
export async function startCosts(mostExpensive: readonly string[]) {
  const schema = createSchema({
    typeDefs: `
      type Account { id: ID! monthlyCost: Float! }
      scalar _Any
      union _Entity = Account
      type Query { mostExpensiveAccounts: [Account!]! _entities(representations: [_Any!]!): [_Entity]! }`,
    resolvers: {
      Query: {
        mostExpensiveAccounts: () => mostExpensive.map((id) => ({ id })),
        _entities: (_: unknown, { representations }: { readonly representations: readonly Account[] }) =>
          representations,
      },
      Account: { monthlyCost: ({ id }: Account) => costOf(id) },
    },
  });
  const server = createServer(createYoga({ schema, logging: false }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
