import type { aws } from '../upstream/index.ts';
import { awsEnum, awsEnumFields, awsEnumMember } from './aws-enum.ts';
import { builder } from './builder.ts';
import { upstreamCost } from './cost/rules.ts';
import { type Entity, entityRef, fromMember, load, loadedEntity, mapMaybePromise, resolveMember } from './entity.ts';
import {
  organizationOf,
  parentHandshakeId,
  recipientOf,
  resourceValue,
  senderOf,
  transferOf,
} from './handshake-resources.ts';
import { expectId } from './ids.ts';
import { AccountRef, HandshakeRef, HistoryRef, NodeRef, OrganizationRef, ResponsibilityTransferRef } from './refs.ts';
import { requires } from './scopes.ts';

export const HandshakeState = awsEnum('HandshakeState', {
  description: 'The state of a handshake. The last four are final.',
  values: {
    REQUESTED: { description: 'Sent, and waiting for the recipient.' },
    OPEN: {
      description:
        'Waiting for an answer. For ENABLE_ALL_FEATURES: all members have answered, and it can be finalized.',
    },
    CANCELED: { description: 'Canceled by its sender.' },
    ACCEPTED: { description: 'Accepted by its recipient.' },
    DECLINED: { description: 'Declined by its recipient.' },
    EXPIRED: { description: 'Not answered in time.' },
  } satisfies Record<aws.HandshakeState, object>,
});

export const ActionType = awsEnum('ActionType', {
  description: 'The subject of a handshake.',
  values: {
    INVITE: { description: 'An account joins an organization. Expires after 15 days.' },
    ENABLE_ALL_FEATURES: {
      description:
        'An organization enables all features: the parent handshake, which the management account finalizes. Expires after 90 days.',
    },
    APPROVE_ALL_FEATURES: { description: 'An invited member account agrees to all features: a child of the former.' },
    ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE: {
      description: 'A member account approves that its service-linked role for AWS Organizations is created again.',
    },
    TRANSFER_RESPONSIBILITY: {
      description:
        "An organization hands a responsibility, its bill, over to another's management account. Expires 24 hours before the transfer's start.",
    },
  } satisfies Record<aws.ActionType, object>,
});

export const HandshakePartyType = awsEnum('HandshakePartyType', {
  description: 'The kind of identifier of a handshake party.',
  values: {
    ACCOUNT: { description: 'By its account id.' },
    ORGANIZATION: { description: 'By its organization id.' },
    EMAIL: { description: "By the e-mail address of an account's owner." },
  } satisfies Record<aws.HandshakePartyType, object>,
});

const HandshakeResourceType = awsEnum('HandshakeResourceType', {
  description: "The types of a handshake's details.",
  values: {
    ACCOUNT: { description: 'Id of an account.' },
    ORGANIZATION: { description: 'Id of an organization, with its details as nested resources.' },
    ORGANIZATION_FEATURE_SET: { description: "The organization's feature set." },
    EMAIL: { description: 'E-mail address of an account.' },
    MASTER_EMAIL: { description: "E-mail address of the inviting organization's management account." },
    MASTER_NAME: { description: "Name of the inviting organization's management account." },
    NOTES: { description: "The sender's message to the recipient." },
    PARENT_HANDSHAKE: { description: 'Id of the handshake that this one belongs to.' },
    RESPONSIBILITY_TRANSFER: { description: 'Id of the transfer, with its details as nested resources.' },
    TRANSFER_START_TIMESTAMP: { description: "The transfer's start, in seconds since 1970." },
    TRANSFER_TYPE: { description: "The transfer's type." },
    MANAGEMENT_ACCOUNT: { description: "Id of the sending organization's management account." },
    MANAGEMENT_EMAIL: { description: "E-mail address of the sending organization's management account." },
    MANAGEMENT_NAME: { description: "Name of the sending organization's management account." },
  } satisfies Record<aws.HandshakeResourceType, object>,
});

const HandshakePartyRef = builder.objectRef<aws.HandshakeParty>('HandshakeParty').implement({
  description: 'One side of a handshake.',
  fields: (t) => ({
    id: t.id({
      nullable: false,
      description: 'Account id, organization id or e-mail address, as `type` says.',
      resolve: (party) => party.Id ?? '',
    }),
    ...awsEnumFields(
      t,
      'type',
      HandshakePartyType,
      { description: 'The type of `id`.', nullable: false },
      (party) => party.Type,
    ),
    account: t.field({
      type: AccountRef,
      description:
        'The account, if the party is identified by its id. AWS returns more than the id only for accounts of your own organization.',
      extensions: upstreamCost({ knownMembers: ['Id'], includesOtherOrganizations: true }),
      resolve: (party) =>
        party.Type === 'ACCOUNT' && party.Id !== undefined ? entityRef('Account', party.Id, { Id: party.Id }) : null,
    }),
  }),
});

const HandshakeResourceRef = builder.objectRef<aws.HandshakeResource>('HandshakeResource');
HandshakeResourceRef.implement({
  description: 'A detail of a handshake; some have nested details.',
  fields: (t) => ({
    value: t.string({ description: 'The value, as text.', resolve: (resource) => resource.Value ?? null }),
    ...awsEnumFields(
      t,
      'type',
      HandshakeResourceType,
      { description: 'The type of the value.' },
      (resource) => resource.Type,
    ),
    resources: t.field({
      type: [HandshakeResourceRef],
      description: 'Nested details.',
      resolve: (resource) => resource.Resources ?? null,
    }),
  }),
});

HandshakeRef.implement({
  description:
    'An invitation or request between accounts and organizations. AWS deletes it 30 days after its final state.',
  interfaces: [NodeRef, HistoryRef],
  fields: (t) => ({
    arn: t.string({ description: 'Its Amazon Resource Name.', ...fromMember('Arn') }),
    parties: t.field({
      type: [HandshakePartyRef],
      description: 'The parties, as AWS lists them.',
      extensions: upstreamCost({ members: ['Parties'], items: 2 }),
      resolve: (handshake, _args, context) => resolveMember(context, handshake, 'Parties'),
    }),
    ...awsEnumMember(t, 'State', HandshakeState, 'Its state.'),
    requestedTimestamp: t.field({
      type: 'DateTime',
      description: 'When it was sent.',
      ...fromMember('RequestedTimestamp'),
    }),
    expirationTimestamp: t.field({
      type: 'DateTime',
      description: 'When it expires, unless it is answered before.',
      ...fromMember('ExpirationTimestamp'),
    }),
    ...awsEnumMember(t, 'Action', ActionType, 'The subject of the handshake.'),
    resources: t.field({
      type: [HandshakeResourceRef],
      description: 'The details, nested as in AWS.',
      ...fromMember('Resources'),
    }),
    sender: t.field({
      type: HandshakePartyRef,
      description: 'The organization that sent it.',
      ...fromMember('Parties', senderOf),
    }),
    recipient: t.field({
      type: HandshakePartyRef,
      description: 'The recipient; null if it has none, as ENABLE_ALL_FEATURES.',
      ...fromMember('Parties', recipientOf),
    }),
    notes: t.string({
      description: "The sender's message to the recipient.",
      extensions: upstreamCost({ members: ['Resources'] }),
      resolve: (handshake, _args, context) =>
        mapMaybePromise(
          resolveMember(context, handshake, 'Resources'),
          (resources) => resourceValue(resources, 'NOTES') ?? null,
        ),
    }),
    organization: t.field({
      type: OrganizationRef,
      description:
        "The sender's organization. For another organization, AWS returns only its id, management account and feature set.",
      extensions: upstreamCost({
        members: ['Arn', 'Resources'],
        knownMembers: ['Id'],
        includesOtherOrganizations: true,
      }),
      resolve: async (handshake, _args, context) =>
        organizationOf(
          await resolveMember(context, handshake, 'Arn'),
          await resolveMember(context, handshake, 'Resources'),
        ),
    }),
    responsibilityTransfer: t.field({
      type: ResponsibilityTransferRef,
      description: 'The transfer, if it is an invitation to one.',
      extensions: upstreamCost({ members: ['Resources'], knownMembers: ['Id'] }),
      resolve: (handshake, _args, context) =>
        mapMaybePromise(resolveMember(context, handshake, 'Resources'), transferOf),
    }),
    parentHandshake: t.field({
      type: HandshakeRef,
      description: 'The handshake that it belongs to: ENABLE_ALL_FEATURES, of an APPROVE_ALL_FEATURES.',
      extensions: upstreamCost({ members: ['Resources'], knownMembers: [] }),
      resolve: async (handshake, _args, context) => {
        const id = parentHandshakeId(await resolveMember(context, handshake, 'Resources'));
        return id === undefined ? null : entityRef('Handshake', id);
      },
    }),
  }),
});

export const HandshakeConnection = builder.connectionObject({
  type: HandshakeRef,
  name: 'HandshakeConnection',
  description: 'Handshakes: open ones, and those that ended within the last 30 days.',
});

export const handshakeEntity = (handshake: aws.Handshake): Entity<'Handshake'> =>
  loadedEntity('Handshake', handshake.Id, handshake);

builder.queryField('handshake', (t) =>
  t.field({
    type: HandshakeRef,
    description: 'A handshake that the principal sent or received, by its id; null if there is none. Costs one call.',
    args: { id: t.arg.id({ required: true, description: 'The id, such as `h-examplehandshakeid111`.' }) },
    extensions: { ...upstreamCost({ typesReadById: () => ['Handshake'] }), ...requires('read') },
    resolve: (_root, { id }, context) => load(context, 'Handshake', expectId('handshake(id:)', 'Handshake', id)),
  }),
);
