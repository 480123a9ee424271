import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { type GraphQLFormattedError, print } from 'graphql';
import {
  AccountsDocument,
  type AccountsQuery,
  InviteDocument,
  type InviteMutationVariables,
  ServiceControlPoliciesDocument,
} from './gql/graphql.js';

/** Runs an operation, typed by its document. */
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

/** Yields all accounts of the organization, page by page. */
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

/** Invites an account, and returns the result in one line. */
export async function invite(url: string, input: InviteMutationVariables['input']): Promise<string> {
  const { inviteAccountToOrganization: result } = await run(url, InviteDocument, { input });
  // `run` throws for exceptions that AWS does not declare for the operation, so this does not happen.
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

/** Returns the documents of the service control policies by id. */
export async function policyDocuments(url: string): Promise<ReadonlyMap<string, unknown>> {
  const { organization } = await run(url, ServiceControlPoliciesDocument, {});
  return new Map(organization?.policies?.nodes.map(({ id, document }) => [id, document]));
}
