import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { type GraphQLFormattedError, print } from 'graphql';
import {
  AccountsDocument,
  type AccountsQuery,
  InviteDocument,
  type InviteMutationVariables,
  ServiceControlPoliciesDocument,
} from './gql/graphql.js';

/** Runs an operation; what it gives and what it takes is known from its document. */
export async function run<Data, Variables>(
  url: string,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: JSON.stringify({ query: print(document), variables }),
  });
  const { data, errors } = (await response.json()) as { data?: Data; errors?: readonly GraphQLFormattedError[] };
  if (errors !== undefined || data === undefined) {
    throw new Error(errors?.map(({ message }) => message).join(' ') ?? `The gateway answered ${response.status}.`);
  }
  return data;
}

type Page = NonNullable<NonNullable<AccountsQuery['organization']>['accounts']>;
type Account = Page['nodes'][number];

/** All accounts of the organization, a page after the other. */
export async function* accounts(url: string, pageSize: number): AsyncGenerator<Account, void, undefined> {
  for (let after: string | null = null; ; ) {
    const { organization }: AccountsQuery = await run(url, AccountsDocument, { first: pageSize, after });
    const page: Page | null | undefined = organization?.accounts;
    if (!page) throw new Error('The principal sees no accounts.');
    yield* page.nodes;
    if (!page.pageInfo.hasNextPage) return;
    after = page.pageInfo.endCursor ?? null;
  }
}

/** Invites an account, and says in one line what came of it. */
export async function invite(url: string, input: InviteMutationVariables['input']): Promise<string> {
  const { inviteAccountToOrganization: result } = await run(url, InviteDocument, { input });
  // What AWS does not declare for the operation is an error of the response, for which `run` has thrown.
  if (!result) throw new Error('The gateway gave no result.');
  switch (result.__typename) {
    case 'InviteAccountToOrganizationPayload':
      return `${result.handshake?.id} is ${result.handshake?.state} until ${result.handshake?.expirationTimestamp}`;
    case 'ConstraintViolationException':
      return `AWS's limits do not allow it: ${result.reason ?? result.message}`;
    default:
      return `${result.code}: ${result.message}`;
  }
}

/** The services and actions that each service control policy speaks of: its document is JSON of any shape. */
export async function policyDocuments(url: string): Promise<ReadonlyMap<string, unknown>> {
  const { organization } = await run(url, ServiceControlPoliciesDocument, {});
  return new Map(organization?.policies?.nodes.map(({ id, document }) => [id, document]));
}
