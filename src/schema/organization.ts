import { GraphQLError } from 'graphql';
import type { aws } from '../upstream/index.ts';
import { AccountConnection } from './account.ts';
import { awsEnum, awsEnumMember } from './aws-enum.ts';
import { builder } from './builder.ts';
import { connectionArgs, readConnection } from './connection.ts';
import type { GraphContext } from './context.ts';
import { upstreamCost } from './cost/rules.ts';
import { type Entity, entityRef, fromMember, load, loadedEntity, mapMaybePromise, resolveMember } from './entity.ts';
import { HandshakeConnection } from './handshake.ts';
import { loadOwnOrganization } from './loaders/objects-by-id.ts';
import { OrganizationalUnitConnection } from './organizational-unit.ts';
import { listedPolicy, PolicyConnection, summaryMembers } from './policy.ts';
import { PolicyType, PolicyTypeSummaryRef } from './policy-type.ts';
import { AccountRef, NodeRef, OrganizationRef, RootRef } from './refs.ts';
import { ResponsibilityTransferConnection } from './responsibility-transfer.ts';
import { onlyRoot, RootConnection, wholeRoot } from './root.ts';
import { requires } from './scopes.ts';
import { AccountFilter, AccountOrder, accountSearchCost, readAccounts } from './search/account-search.ts';
import { HandshakeFilter, HandshakeOrder, handshakeListCost, readHandshakes } from './search/handshake-search.ts';
import { OrganizationalUnitFilter, readOrganizationalUnits } from './search/organizational-unit-search.ts';
import {
  inboundTransfersCost,
  outboundTransfersCost,
  readInboundTransfers,
  readOutboundTransfers,
  transferArgs,
} from './search/responsibility-transfer-search.ts';

export const OrganizationFeatureSet = awsEnum('OrganizationFeatureSet', {
  description: 'The features of an organization.',
  values: {
    ALL: { description: 'Everything: policies, delegated administrators, transfers.' },
    CONSOLIDATED_BILLING: { description: 'One bill for all accounts, and no other feature.' },
  } satisfies Record<aws.OrganizationFeatureSet, object>,
  // So AWS's examples of handshakes say.
  aliases: { FULL: 'ALL' },
});

/**
 * Reads a list of the principal's own organization. AWS's lists are always those; an organization that a handshake
 * names may be another one, which must not appear to have them.
 * @throws GraphQLError FOREIGN_ORGANIZATION
 */
export function ofOwn<T>(
  context: GraphContext,
  organization: Entity<'Organization'>,
  read: () => T | Promise<T>,
): T | Promise<T> {
  if (organization.complete) return read();
  return mapMaybePromise(load(context, 'Organization', organization.id), (own) => {
    if (own !== null) return read();
    throw foreign(context, organization.id);
  });
}

const foreign = (context: GraphContext, id: string) =>
  new GraphQLError(
    `${id} is not the organization of principal "${context.principal.name}". For another organization, select only the members that AWS returns in a handshake: id, arn, masterAccountId, masterAccountArn, masterAccountEmail, featureSet.`,
    { extensions: { code: 'FOREIGN_ORGANIZATION', reason: null, retryable: false } },
  );

OrganizationRef.implement({
  description:
    'A set of AWS accounts under one management account. Its lists are for the management account and delegated administrators.',
  interfaces: [NodeRef],
  fields: (t) => ({
    arn: t.string({ description: 'Its Amazon Resource Name.', ...fromMember('Arn') }),
    ...awsEnumMember(t, 'FeatureSet', OrganizationFeatureSet, 'Its features.'),
    masterAccountArn: t.string({
      description: "The management account's Amazon Resource Name.",
      ...fromMember('MasterAccountArn'),
    }),
    masterAccountId: t.id({ description: "The management account's id.", ...fromMember('MasterAccountId') }),
    masterAccountEmail: t.string({
      description: "The management account's e-mail address.",
      ...fromMember('MasterAccountEmail'),
    }),
    managementAccount: t.field({
      type: AccountRef,
      description: 'The account that made the organization, manages it and pays for it.',
      extensions: upstreamCost({ members: ['MasterAccountId', 'MasterAccountEmail'], knownMembers: ['Id', 'Email'] }),
      resolve: async (organization, _args, context) => {
        const id = await resolveMember(context, organization, 'MasterAccountId');
        if (id == null) return null;
        const email = await resolveMember(context, organization, 'MasterAccountEmail');
        return entityRef('Account', id, { Id: id, Email: email ?? undefined });
      },
    }),
    availablePolicyTypes: t.field({
      type: [PolicyTypeSummaryRef],
      deprecationReason: 'AWS no longer keeps it up to date. Use `root { policyTypes }`.',
      description: 'Policy types that were available once.',
      ...fromMember('AvailablePolicyTypes'),
    }),
    root: t.field({
      type: RootRef,
      description: 'Its one root. Costs one call.',
      extensions: upstreamCost({ requiresOwnOrganization: true, readOnce: 'Root' }),
      resolve: (organization, _args, context) => ofOwn(context, organization, () => onlyRoot(context)),
    }),
    roots: t.field({
      type: RootConnection,
      description: 'Its roots; at present AWS makes one. Read from ListRoots.',
      args: connectionArgs,
      extensions: upstreamCost({ requiresOwnOrganization: true, list: { bound: 'roots' } }),
      resolve: (organization, args, context) =>
        ofOwn(context, organization, () =>
          readConnection(context, { operation: 'ListRoots', input: {}, key: (root) => root.Id, node: wholeRoot }, args),
        ),
    }),
    accounts: t.field({
      type: AccountConnection,
      description:
        'All its accounts, wherever in the tree they are. Read from ListAccounts: with a filter as far as `first` takes, with an order to its end.',
      args: {
        filter: t.arg({ type: AccountFilter, description: 'Which ones.' }),
        orderBy: t.arg({ type: AccountOrder, description: "The order. Default: AWS's." }),
        ...connectionArgs,
      },
      extensions: upstreamCost({ requiresOwnOrganization: true, ...accountSearchCost }),
      resolve: (organization, { filter, orderBy, ...args }, context) =>
        ofOwn(context, organization, () => readAccounts(context, { filter, orderBy }, args)),
    }),
    organizationalUnits: t.field({
      type: OrganizationalUnitConnection,
      description:
        'All its organizational units, flat, by level. Read from ListOrganizationalUnitsForParent, with a call for each parent.',
      args: { filter: t.arg({ type: OrganizationalUnitFilter, description: 'Which ones.' }), ...connectionArgs },
      extensions: upstreamCost({
        requiresOwnOrganization: true,
        list: {
          bound: 'organizationalUnits',
          totalBound: 'organizationalUnits',
          search: () => ({ pages: 'none' }),
        },
        fullReads: () => ['organizationalUnits'],
      }),
      resolve: (organization, { filter, ...args }, context) =>
        ofOwn(context, organization, () => readOrganizationalUnits(context, filter, args)),
    }),
    policies: t.field({
      type: PolicyConnection,
      description: 'All its policies of one type. Read from ListPolicies.',
      args: { type: t.arg({ type: PolicyType, required: true, description: 'The policy type.' }), ...connectionArgs },
      extensions: upstreamCost({
        requiresOwnOrganization: true,
        list: { bound: 'policies' },
        knownMembers: summaryMembers,
      }),
      resolve: (organization, { type, ...args }, context) =>
        ofOwn(context, organization, () =>
          readConnection(
            context,
            { operation: 'ListPolicies', input: { Filter: type }, key: (policy) => policy.Id, node: listedPolicy },
            args,
          ),
        ),
    }),
    handshakes: t.field({
      type: HandshakeConnection,
      description:
        'Handshakes that it sent. Read from ListHandshakesForOrganization. Those received are in `viewer { handshakes }`.',
      args: {
        filter: t.arg({ type: HandshakeFilter, description: 'Which ones.' }),
        orderBy: t.arg({ type: HandshakeOrder, description: "The order. Default: AWS's." }),
        ...connectionArgs,
      },
      extensions: upstreamCost({ requiresOwnOrganization: true, list: handshakeListCost }),
      resolve: (organization, { filter, orderBy, ...args }, context) =>
        ofOwn(context, organization, () =>
          readHandshakes(context, 'ListHandshakesForOrganization', { filter, orderBy }, args),
        ),
    }),
    inboundResponsibilityTransfers: t.field({
      type: ResponsibilityTransferConnection,
      description:
        "Transfers and invitations by which it takes over others' responsibilities. Read from ListInboundResponsibilityTransfers. For the management account.",
      args: { ...transferArgs, ...connectionArgs },
      extensions: upstreamCost({ requiresOwnOrganization: true, list: inboundTransfersCost }),
      resolve: (organization, { type, id, filter, ...args }, context) =>
        ofOwn(context, organization, () => readInboundTransfers(context, { type, id, filter }, args)),
    }),
    outboundResponsibilityTransfers: t.field({
      type: ResponsibilityTransferConnection,
      description:
        'Transfers and invitations by which it hands its own responsibilities over. Read from ListOutboundResponsibilityTransfers. For the management account.',
      args: { ...transferArgs, ...connectionArgs },
      extensions: upstreamCost({ requiresOwnOrganization: true, list: outboundTransfersCost }),
      resolve: (organization, { type, id, filter, ...args }, context) =>
        ofOwn(context, organization, () => readOutboundTransfers(context, { type, id, filter }, args)),
    }),
  }),
});

export const wholeOrganization = (organization: aws.Organization): Entity<'Organization'> =>
  loadedEntity('Organization', organization.Id, organization);

/** The organization of the principal's account; null when the account is in none. */
export function ownOrganization(
  context: GraphContext,
): Entity<'Organization'> | null | Promise<Entity<'Organization'> | null> {
  return mapMaybePromise(loadOwnOrganization(context), (own) => own && wholeOrganization(own));
}

builder.queryField('organization', (t) =>
  t.field({
    type: OrganizationRef,
    description: "The organization of the principal's account; null when the account is in none. Costs one call.",
    extensions: { ...upstreamCost({ readOnce: 'Organization' }), ...requires('read') },
    resolve: (_root, _args, context) => ownOrganization(context),
  }),
);
