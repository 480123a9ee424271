import { AccountConnection, wholeAccount } from './account.ts';
import { builder } from './builder.ts';
import { connectionArgs } from './connection.ts';
import { upstreamCost } from './cost/rules.ts';
import { readAllItems } from './loaders/replies.ts';
import { PolicyRef } from './refs.ts';
import { readReachedAccounts } from './search/account-reach.ts';

builder.objectField(PolicyRef, 'reachedAccounts', (t) =>
  t.field({
    type: AccountConnection,
    description:
      'The accounts that it is attached to, directly or at a root or organizational unit above them, in the order of their ids. From the copy of the organization without a call, otherwise read from ListTargetsForPolicy and ListAccounts, to their end.',
    args: connectionArgs,
    extensions: upstreamCost({
      fullReads: () => ['accounts'],
      listsRead: () => [{ field: 'targets', list: { bound: 'targets' }, count: 1, maxHolders: 'policies' }],
      list: { bound: 'accounts', search: () => ({ pages: 'none' }) },
    }),
    resolve: (policy, args, context) =>
      readReachedAccounts(
        context,
        {
          conditions: JSON.stringify(['reachedAccounts', policy.id]),
          inCopy: (reader) => {
            const tree = reader.policyTree()?.value;
            // AWS knows whether there is a policy that the copy does not hold.
            return tree?.policy(policy.id) && { levels: new Set(tree.targetsOf(policy.id)), accounts: new Map() };
          },
          live: async () => {
            const request = { operation: 'ListTargetsForPolicy', input: { PolicyId: policy.id } } as const;
            const targets = await readAllItems(context, request);
            return { levels: new Set(targets.map(({ TargetId = '' }) => TargetId)), accounts: new Map() };
          },
          node: wholeAccount,
        },
        args,
      ),
  }),
);
