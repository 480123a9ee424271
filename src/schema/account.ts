import type { aws } from '../upstream/index.ts';
import { ancestorsCost, ancestorsDescription, loadAncestors } from './ancestors.ts';
import { awsEnum, awsEnumMember } from './aws-enum.ts';
import { builder } from './builder.ts';
import { upstreamCost } from './cost/rules.ts';
import {
  type Entity,
  fromMember,
  load,
  loadedEntity,
  mapMaybePromise,
  parentFromList,
  parentFromPath,
  resolveMember,
} from './entity.ts';
import { expectId } from './ids.ts';
import { AccountRef, HistoryRef, NodeRef, ParentRef, PolicyTargetRef, TaggableRef } from './refs.ts';
import { requires } from './scopes.ts';

export const AccountStatus = awsEnum('AccountStatus', {
  description: 'The former account status. AWS retires it in favour of AccountState.',
  values: {
    ACTIVE: { description: 'In use.' },
    SUSPENDED: { description: 'Closed, or suspended by AWS.' },
    PENDING_CLOSURE: { description: 'Being closed.' },
  } satisfies Record<aws.AccountStatus, object>,
});

export const AccountState = awsEnum('AccountState', {
  description: 'Where an account is in its life.',
  values: {
    PENDING_ACTIVATION: { description: 'Not usable: its sign-up was begun and is not complete.' },
    ACTIVE: { description: 'In use.' },
    SUSPENDED: { description: 'Suspended by AWS, and unusable. An account that was closed is CLOSED.' },
    PENDING_CLOSURE: { description: 'Being closed: it still works, and becomes CLOSED.' },
    CLOSED: { description: 'Closed: it can be reinstated for 90 days and then leaves the organization.' },
  } satisfies Record<aws.AccountState, object>,
});

export const AccountJoinedMethod = awsEnum('AccountJoinedMethod', {
  description: 'How an account joined its organization.',
  values: {
    INVITED: { description: 'It accepted an invitation.' },
    CREATED: { description: 'The organization created it.' },
  } satisfies Record<aws.AccountJoinedMethod, object>,
});

AccountRef.implement({
  description: 'An AWS account that belongs to the organization.',
  interfaces: [NodeRef, HistoryRef, PolicyTargetRef, TaggableRef],
  fields: (t) => ({
    email: t.string({
      description: "E-mail address of the account's owner (6 to 64 characters).",
      ...fromMember('Email'),
    }),
    ...awsEnumMember(t, 'Status', AccountStatus, 'The former status of the account.', {
      deprecationReason: 'AWS retires Status. Use `state`, which tells more.',
    }),
    ...awsEnumMember(t, 'State', AccountState, 'Where the account is in its life.'),
    paths: t.stringList({
      description:
        'Paths from the organization to the account: `o-…/r-…/ou-…/123456789012/`. At present AWS gives one.',
      ...fromMember('Paths'),
    }),
    ...awsEnumMember(t, 'JoinedMethod', AccountJoinedMethod, 'How it joined the organization.'),
    joinedTimestamp: t.field({
      type: 'DateTime',
      description: 'When it joined the organization.',
      ...fromMember('JoinedTimestamp'),
    }),
    parent: t.field({
      type: ParentRef,
      description:
        'The root or organizational unit that holds it. Known from its path, so that it costs no call of its own.',
      extensions: upstreamCost({ members: ['Paths'], knownMembers: ['Path'] }),
      resolve: (account, _args, context) =>
        mapMaybePromise(
          resolveMember(context, account, 'Paths'),
          (paths) => parentFromPath(paths?.[0]) ?? parentFromList(context, account.id),
        ),
    }),
    ancestors: t.field({
      type: [ParentRef],
      description: `The root and the organizational units above it, the root first. ${ancestorsDescription}`,
      extensions: upstreamCost({ members: ['Paths'], ...ancestorsCost }),
      resolve: (account, _args, context) =>
        mapMaybePromise(resolveMember(context, account, 'Paths'), (paths) =>
          loadAncestors(context, account.id, paths?.[0]),
        ),
    }),
  }),
});

export const AccountConnection = builder.connectionObject({
  type: AccountRef,
  name: 'AccountConnection',
  description: 'Accounts.',
});

export const wholeAccount = (account: aws.Account): Entity<'Account'> => loadedEntity('Account', account.Id, account);

builder.queryField('account', (t) =>
  t.field({
    type: AccountRef,
    description:
      'An account of the organization by its 12-digit id; null if the organization has none with it. Costs one call.',
    args: { id: t.arg.id({ required: true, description: 'The account id: 12 digits.' }) },
    extensions: { ...upstreamCost({ typesReadById: () => ['Account'] }), ...requires('read') },
    resolve: (_root, { id }, context) => load(context, 'Account', expectId('account(id:)', 'Account', id)),
  }),
);
