import type { aws } from '../upstream/index.ts';
import { AccountConnection } from './account.ts';
import { awsEnum, awsEnumFields } from './aws-enum.ts';
import { builder } from './builder.ts';
import { connectionArgs, readConnection } from './connection.ts';
import { upstreamCost } from './cost/rules.ts';
import { entityRef, partialOwn } from './entity.ts';
import { OrganizationalUnitConnection, wholeOrganizationalUnit } from './organizational-unit.ts';
import { AccountRef, NodeRef, OrganizationalUnitRef, ParentRef, PolicyTargetRef, TaggableRef } from './refs.ts';
import {
  AccountFilter,
  AccountOrder,
  accountCountCost,
  accountsOfParentCost,
  countAccounts,
  readAccounts,
} from './search/account-search.ts';

const ChildType = awsEnum('ChildType', {
  description: 'The types of children.',
  values: {
    ACCOUNT: { description: 'Accounts.' },
    ORGANIZATIONAL_UNIT: { description: 'Organizational units.' },
  } satisfies Record<aws.ChildType, object>,
});

const ChildRef = builder.objectRef<aws.Child>('Child').implement({
  description: 'A child of a root or organizational unit.',
  fields: (t) => ({
    id: t.id({
      nullable: false,
      description: 'Id of the account or organizational unit.',
      resolve: (child) => child.Id ?? '',
    }),
    ...awsEnumFields(t, 'type', ChildType, { description: 'Which of the two it is.' }, (child) => child.Type),
    account: t.field({
      type: AccountRef,
      description: 'The account, if the child is one.',
      extensions: upstreamCost({ knownMembers: [] }),
      resolve: (child) => (child.Type === 'ACCOUNT' && child.Id !== undefined ? partialOwn('Account', child.Id) : null),
    }),
    organizationalUnit: t.field({
      type: OrganizationalUnitRef,
      description: 'The organizational unit, if the child is one.',
      extensions: upstreamCost({ knownMembers: [] }),
      resolve: (child) =>
        child.Type === 'ORGANIZATIONAL_UNIT' && child.Id !== undefined
          ? entityRef('OrganizationalUnit', child.Id)
          : null,
    }),
  }),
});

const ChildConnection = builder.connectionObject({
  type: ChildRef,
  name: 'ChildConnection',
  description: 'The children of a root or organizational unit.',
});

ParentRef.implement({
  description: 'A root or an organizational unit: a container of accounts and organizational units.',
  interfaces: [NodeRef, PolicyTargetRef, TaggableRef],
  resolveType: (entity) => entity.typename,
  fields: (t) => ({
    organizationalUnits: t.field({
      type: OrganizationalUnitConnection,
      description: 'Organizational units directly in it. Read from ListOrganizationalUnitsForParent.',
      args: connectionArgs,
      extensions: upstreamCost({ list: { bound: 'organizationalUnits', totalBound: 'organizationalUnits' } }),
      resolve: (parent, args, context) =>
        readConnection(
          context,
          {
            operation: 'ListOrganizationalUnitsForParent',
            input: { ParentId: parent.id },
            key: (unit) => unit.Id,
            node: wholeOrganizationalUnit,
          },
          args,
        ),
    }),
    accounts: t.field({
      type: AccountConnection,
      description:
        'Accounts directly in it or, with `descendants`, in its whole subtree. Read from ListAccountsForParent, or, for many parents at once and for subtrees, from ListAccounts.',
      args: {
        filter: t.arg({ type: AccountFilter, description: 'Which ones.' }),
        orderBy: t.arg({ type: AccountOrder, description: "The order. Default: AWS's." }),
        descendants: t.arg.boolean({ defaultValue: false, description: 'Whether to take the whole subtree.' }),
        ...connectionArgs,
      },
      extensions: upstreamCost(accountsOfParentCost),
      resolve: (parent, { filter, orderBy, descendants, ...args }, context) =>
        readAccounts(context, { filter, orderBy, parentId: parent.id, descendants }, args),
    }),
    accountCount: t.int({
      nullable: false,
      description:
        'How many accounts are in its whole subtree or, with `descendants: false`, directly in it. AWS does not count: this field reads ListAccounts, or the list of its accounts, to its end.',
      args: { descendants: t.arg.boolean({ defaultValue: true, description: 'Whether to count the whole subtree.' }) },
      extensions: upstreamCost(accountCountCost),
      resolve: (parent, { descendants }, context) => countAccounts(context, parent.id, descendants ?? true),
    }),
    children: t.field({
      type: ChildConnection,
      description: 'Ids of its direct children of one type. Read from ListChildren.',
      args: {
        type: t.arg({ type: ChildType, required: true, description: 'Accounts or organizational units.' }),
        ...connectionArgs,
      },
      extensions: upstreamCost({
        list: {
          bound: 'children',
          totalBound: ({ type }) => (type === 'ACCOUNT' ? 'accounts' : 'organizationalUnits'),
        },
      }),
      resolve: (parent, { type, ...args }, context) =>
        readConnection(
          context,
          {
            operation: 'ListChildren',
            input: { ParentId: parent.id, ChildType: type },
            key: (child) => child.Id,
            node: (child) => child,
          },
          args,
        ),
    }),
  }),
});
