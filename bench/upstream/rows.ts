import type { OrganizationsClient } from '@aws-sdk/client-organizations';
import { type QueryName, queries } from '../../test/support/organization-queries.ts';
import { type Calls, pages } from './minimum.ts';
import * as scripts from './sdk-scripts.ts';
import type { Census } from './simulator-process.ts';

export interface Row {
  readonly title: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly clients: number;
  /** The necessary calls, in sequential phases. */
  readonly least: (census: Census) => readonly (readonly Calls[])[];
  /** The same work as a script with the SDK. */
  readonly script: (client: OrganizationsClient) => Promise<unknown>;
}

const organization: Calls = { operation: 'DescribeOrganization', count: 1 };
const roots: Calls = { operation: 'ListRoots', count: 1 };
const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);

const allAccounts = ({ accounts }: Census): Calls => ({
  operation: 'ListAccounts',
  count: pages(accounts),
  sequential: true,
});
const units = ({ unitsOfParents }: Census): Calls => ({
  operation: 'ListOrganizationalUnitsForParent',
  count: sum(unitsOfParents.map(pages)),
});
/** Reads children by parent, or from one list of all, whichever takes fewer calls. */
const accountsOfParents = (census: Census): Calls => {
  const direct = sum(census.accountsOfParents.map(pages));
  return direct < pages(census.accounts) ? { operation: 'ListAccountsForParent', count: direct } : allAccounts(census);
};
/** Reads attachments by target or by policy. */
const attachments = ({ accounts, accountsOfParents: parents, targetsOfPolicies }: Census): readonly Calls[] => {
  const byPolicy = targetsOfPolicies.map(pages);
  const targets = accounts + parents.length;
  return targets < pages(targetsOfPolicies.length) + sum(byPolicy)
    ? [{ operation: 'ListPoliciesForTarget', count: targets }]
    : [
        { operation: 'ListPolicies', count: pages(targetsOfPolicies.length) },
        { operation: 'ListTargetsForPolicy', count: sum(byPolicy) },
      ];
};

export function rows({
  accounts,
  tagged,
  handshakes,
}: {
  accounts: number;
  tagged: number;
  handshakes: number;
}): Row[] {
  const row = (name: QueryName, title: string, rest: Omit<Row, 'title' | 'query' | 'variables' | 'clients'>): Row => ({
    title,
    query: queries[name],
    variables:
      name === 'tags' ? { first: tagged } : name === 'handshakes' ? { first: handshakes } : { first: accounts },
    clients: 1,
    ...rest,
  });
  const all = row('accounts', `all ${accounts} accounts`, {
    least: (census) => [[organization], [allAccounts(census)]],
    script: scripts.accounts,
  });
  return [
    all,
    row('tree', 'the whole tree with parents', {
      least: (census) => [[organization], [roots], [units(census), accountsOfParents(census)]],
      script: scripts.tree,
    }),
    row('treeWithPolicies', 'the tree with policies', {
      least: (census) => [[organization], [roots], [units(census), accountsOfParents(census), ...attachments(census)]],
      script: scripts.treeWithPolicies,
    }),
    row('tags', `tags of ${tagged} accounts`, {
      least: () => [
        [organization],
        [{ operation: 'ListAccounts', count: pages(tagged), sequential: true }],
        [{ operation: 'ListTagsForResource', count: tagged }],
      ],
      script: (client) => scripts.tags(client, tagged),
    }),
    row('handshakes', `${handshakes} handshakes with their transfers`, {
      least: () => [
        [organization],
        [{ operation: 'ListHandshakesForOrganization', count: pages(handshakes), sequential: true }],
        [{ operation: 'ListInboundResponsibilityTransfers', count: pages(handshakes), sequential: true }],
      ],
      script: scripts.handshakes,
    }),
    { ...all, title: `all accounts, by 50 clients at once`, clients: 50 },
  ];
}
