import { accountObjectFilter, memberFilter } from '../inventory/object-filters.ts';
import type { AccountFilter as AccountConditions } from '../inventory/types.ts';
import type { aws } from '../upstream/index.ts';
import type { ChangedList, ChangedObjects, ListEvent, ObjectFilter } from '../watcher/index.ts';
import { wholeAccount } from './account.ts';
import { builder } from './builder.ts';
import { after, implementEventFields, renewSession } from './change-events.ts';
import type { GraphContext } from './context.ts';
import { noCalls, upstreamCost } from './cost/rules.ts';
import { DelegatedAdministratorRef } from './delegated-administrator.ts';
import { entityRef } from './entity.ts';
import { expectId, expectText } from './ids.ts';
import { MemberChangeRef } from './member-change.ts';
import { wholeOrganizationalUnit } from './organizational-unit.ts';
import { listedPolicy, policyTarget, summaryMembers } from './policy.ts';
import { PolicyType } from './policy-type.ts';
import { AccountRef, OrganizationalUnitRef, PolicyRef, PolicyTargetRef } from './refs.ts';
import { requires } from './scopes.ts';
import { AccountFilter, checkAccountFilter } from './search/account-search.ts';
import { conditionsKey } from './search/filter-rules.ts';
import { refuseWithoutInventory } from './search/inventory-required.ts';

const eventRef = <L extends ChangedList>(name: string, _list: L) =>
  builder.objectRef<ListEvent<ChangedObjects[L]>>(name);

const AccountEventRef = eventRef('AccountEvent', 'accounts').implement({
  description: 'A change of an account.',
  fields: (t) => ({
    account: t.field({
      type: AccountRef,
      description: 'The account as it is now; null in a BOOKMARK.',
      resolve: ({ object }) => object && wholeAccount(object),
    }),
  }),
});

const OrganizationalUnitEventRef = eventRef('OrganizationalUnitEvent', 'organizationalUnits').implement({
  description: 'A change of an organizational unit.',
  fields: (t) => ({
    organizationalUnit: t.field({
      type: OrganizationalUnitRef,
      description: 'The unit as it is now; null in a BOOKMARK.',
      resolve: ({ object }) => object && wholeOrganizationalUnit(object),
    }),
  }),
});

const PolicyEventRef = eventRef('PolicyEvent', 'policies').implement({
  description: 'A change of a policy.',
  fields: (t) => ({
    policy: t.field({
      type: PolicyRef,
      description: 'The policy as it is now; null in a BOOKMARK.',
      extensions: upstreamCost({ knownMembers: summaryMembers }),
      resolve: ({ object }) => object && listedPolicy(object),
    }),
  }),
});

const PolicyAttachmentEventRef = eventRef('PolicyAttachmentEvent', 'policyAttachments').implement({
  description: 'A policy was attached to a root, an organizational unit or an account, or detached.',
  fields: (t) => ({
    policy: t.field({
      type: PolicyRef,
      description: 'The policy; null in a BOOKMARK.',
      extensions: upstreamCost({ knownMembers: [] }),
      resolve: ({ object }) => object && entityRef('Policy', object.PolicyId),
    }),
    target: t.field({
      type: PolicyTargetRef,
      description: 'The root, organizational unit or account; null in a BOOKMARK.',
      extensions: upstreamCost({ knownMembers: [] }),
      resolve: ({ object }) => object && policyTarget(object.TargetId),
    }),
  }),
});

const DelegatedAdministratorEventRef = eventRef('DelegatedAdministratorEvent', 'delegatedAdministrators').implement({
  description: 'A change of a delegated administrator, or of the services that it administers.',
  fields: (t) => ({
    delegatedAdministrator: t.field({
      type: DelegatedAdministratorRef,
      description: 'The delegated administrator as it is now; null in a BOOKMARK.',
      resolve: ({ object }) => object,
    }),
  }),
});

implementEventFields(AccountEventRef);
implementEventFields(OrganizationalUnitEventRef);
implementEventFields(PolicyEventRef);
implementEventFields(PolicyAttachmentEventRef);
implementEventFields(DelegatedAdministratorEventRef);

for (const ref of [AccountEventRef, OrganizationalUnitEventRef, PolicyEventRef, DelegatedAdministratorEventRef]) {
  builder.objectFields(ref, (t) => ({
    members: t.field({
      type: [MemberChangeRef],
      nullable: false,
      description:
        'The changed members. Empty in a SNAPSHOT and a BOOKMARK, and for an object that is new or gone. An ADDED or REMOVED of a filter has the members whose change makes the object begin or cease to match.',
      resolve: ({ members }) => [...members],
    }),
  }));
}

/**
 * @throws GraphQLError BAD_USER_INPUT for an invalid filter; INVENTORY_REQUIRED for conditions on what the copy of the
 *   organization does not have.
 */
function accountFilter(
  context: GraphContext,
  filter: AccountConditions | null | undefined,
): ObjectFilter<aws.Account> | undefined {
  checkAccountFilter(filter);
  const key = conditionsKey({ ...filter });
  if (filter == null || key === '{}') return undefined;
  const lists = context.settings.copyOf(context.principal)?.status.lists;
  if (lists?.some(({ name }) => name === 'tags') !== true) refuseWithoutInventory('filter.tags', filter.tags);
  if (lists === undefined) refuseWithoutInventory('filter.policy', filter.policy);
  return accountObjectFilter(key, filter);
}

/** A filter on members that never change; undefined if none is given. */
function constantFilter<T>(
  members: { readonly [M in keyof T]?: T[M] | null | undefined },
): ObjectFilter<T> | undefined {
  const given = Object.fromEntries(Object.entries(members).filter(([, value]) => value != null)) as Partial<T>;
  const key = conditionsKey(given);
  return key === '{}' ? undefined : memberFilter(key, given);
}

const subscriptionExtensions = { ...noCalls, ...requires('read') };
const forManagement = 'For the management account and delegated administrators.';

builder.subscriptionFields((t) => ({
  accountChanges: t.field({
    type: AccountEventRef,
    nullable: false,
    description: `Changes of the organization's accounts. Changes of tags need the inventory. ${forManagement}`,
    args: {
      filter: t.arg({
        type: AccountFilter,
        description: 'Which ones. An account that begins or ceases to match is ADDED or REMOVED.',
      }),
      ...after,
    },
    extensions: subscriptionExtensions,
    subscribe: (_root, args, context) =>
      context.watcher.watchList(context.principal, 'accounts', {
        after: args.after ?? undefined,
        filter: accountFilter(context, args.filter),
      }),
    resolve: (event, _args, context) => renewSession(event, context),
  }),
  organizationalUnitChanges: t.field({
    type: OrganizationalUnitEventRef,
    nullable: false,
    description: `Changes of the organizational units. Changes of tags need the inventory. ${forManagement}`,
    args: after,
    extensions: subscriptionExtensions,
    subscribe: (_root, args, context) =>
      context.watcher.watchList(context.principal, 'organizationalUnits', { after: args.after ?? undefined }),
    resolve: (event, _args, context) => renewSession(event, context),
  }),
  policyChanges: t.field({
    type: PolicyEventRef,
    nullable: false,
    description: `Changes of the policies of all enabled types. Changes of texts and tags need the inventory. ${forManagement}`,
    args: { type: t.arg({ type: PolicyType, description: 'Only policies of this type.' }), ...after },
    extensions: subscriptionExtensions,
    subscribe: (_root, args, context) =>
      context.watcher.watchList(context.principal, 'policies', {
        after: args.after ?? undefined,
        filter: constantFilter<aws.PolicySummary>({ Type: args.type }),
      }),
    resolve: (event, _args, context) => renewSession(event, context),
  }),
  policyAttachmentChanges: t.field({
    type: PolicyAttachmentEventRef,
    nullable: false,
    description: `ADDED when a policy is attached, REMOVED when it is detached. ${forManagement}`,
    args: {
      policyId: t.arg.id({ description: 'Only attachments of this policy.' }),
      targetId: t.arg.id({ description: 'Only attachments to this root, organizational unit or account.' }),
      ...after,
    },
    extensions: subscriptionExtensions,
    subscribe: (_root, { policyId, targetId, ...args }, context) =>
      context.watcher.watchList(context.principal, 'policyAttachments', {
        after: args.after ?? undefined,
        filter: constantFilter<ChangedObjects['policyAttachments']>({
          PolicyId: policyId == null ? null : expectId('policyAttachmentChanges(policyId:)', 'Policy', policyId),
          TargetId:
            targetId == null ? null : expectText('policyAttachmentChanges(targetId:)', 'PolicyTargetId', targetId),
        }),
      }),
    resolve: (event, _args, context) => renewSession(event, context),
  }),
  delegatedAdministratorChanges: t.field({
    type: DelegatedAdministratorEventRef,
    nullable: false,
    description: `Changes of the delegated administrators and of their services. ${forManagement}`,
    args: after,
    extensions: subscriptionExtensions,
    subscribe: (_root, args, context) =>
      context.watcher.watchList(context.principal, 'delegatedAdministrators', { after: args.after ?? undefined }),
    resolve: (event, _args, context) => renewSession(event, context),
  }),
}));
