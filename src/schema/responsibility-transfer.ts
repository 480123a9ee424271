import type { aws } from '../upstream/index.ts';
import { awsEnum, awsEnumMember } from './aws-enum.ts';
import { builder } from './builder.ts';
import type { GraphContext } from './context.ts';
import { upstreamCost } from './cost/rules.ts';
import { type Entity, entityRef, fromMember, load, loadedEntity, resolveMember } from './entity.ts';
import { expectId } from './ids.ts';
import { awsMutation } from './mutation.ts';
import { AccountRef, HandshakeRef, HistoryRef, NodeRef, ResponsibilityTransferRef, TaggableRef } from './refs.ts';
import { requires } from './scopes.ts';

export const ResponsibilityTransferType = awsEnum('ResponsibilityTransferType', {
  description: 'The types of responsibility.',
  values: {
    BILLING: { description: 'Paying the bills.' },
  } satisfies Record<aws.ResponsibilityTransferType, object>,
});

export const ResponsibilityTransferStatus = awsEnum('ResponsibilityTransferStatus', {
  description:
    'Where a transfer is. All but REQUESTED and ACCEPTED are final. There is no status for running or ended: see the timestamps.',
  values: {
    REQUESTED: { description: 'The invitation waits for an answer.' },
    DECLINED: { description: 'The invitation was declined.' },
    CANCELED: { description: 'The invitation was canceled.' },
    EXPIRED: { description: 'The invitation was not answered in time.' },
    ACCEPTED: { description: 'The invitation was accepted: the transfer runs from its start on.' },
    WITHDRAWN: { description: 'One side ended the transfer: it still runs to its end timestamp.' },
  } satisfies Record<aws.ResponsibilityTransferStatus, object>,
});

type Direction = 'INBOUND' | 'OUTBOUND';

const TransferDirection = builder.enumType('ResponsibilityTransferDirection', {
  description: 'A transfer as the viewer sees it.',
  values: {
    INBOUND: { description: "The viewer's organization takes over: it is the target." },
    OUTBOUND: { description: "The viewer's organization hands over: it is the source." },
  },
});

const TransferParticipantRef = builder.objectRef<aws.TransferParticipant>('TransferParticipant').implement({
  description: 'One side of a transfer: a management account.',
  fields: (t) => ({
    managementAccountId: t.exposeID('ManagementAccountId', { description: "The management account's id." }),
    managementAccountEmail: t.exposeString('ManagementAccountEmail', {
      description: "The management account's e-mail address.",
    }),
    managementAccount: t.field({
      type: AccountRef,
      description: 'The management account. AWS returns more than id and e-mail address only for your own one.',
      extensions: upstreamCost({ knownMembers: ['Id', 'Email'], includesOtherOrganizations: true }),
      resolve: ({ ManagementAccountId: id, ManagementAccountEmail: email }) =>
        id === undefined ? null : entityRef('Account', id, { Id: id, Email: email }),
    }),
  }),
});

ResponsibilityTransferRef.implement({
  description:
    'An agreement by which the management account of one organization takes over a responsibility (billing) of another. It begins as an invitation.',
  interfaces: [NodeRef, HistoryRef, TaggableRef],
  fields: (t) => ({
    arn: t.string({
      description: 'Its Amazon Resource Name, which differs between the two sides.',
      ...fromMember('Arn'),
    }),
    name: t.string({ description: 'Its name, given by the inviting side.', ...fromMember('Name') }),
    ...awsEnumMember(t, 'Type', ResponsibilityTransferType, 'The responsibility that is transferred.'),
    ...awsEnumMember(t, 'Status', ResponsibilityTransferStatus, 'Where it is.'),
    source: t.field({
      type: TransferParticipantRef,
      description: 'The side that hands over its responsibility: the invited one.',
      ...fromMember('Source'),
    }),
    target: t.field({
      type: TransferParticipantRef,
      description: 'The side that takes over the responsibility: the inviting one.',
      ...fromMember('Target'),
    }),
    startTimestamp: t.field({
      type: 'DateTime',
      description: 'When it starts: the beginning of a month, UTC.',
      ...fromMember('StartTimestamp'),
    }),
    endTimestamp: t.field({
      type: 'DateTime',
      description: 'When it ends: the end of a month, UTC; null unless it was withdrawn.',
      ...fromMember('EndTimestamp'),
    }),
    activeHandshakeId: t.id({
      description: 'Id of the handshake of its invitation, as long as AWS keeps that.',
      ...fromMember('ActiveHandshakeId'),
    }),
    activeHandshake: t.field({
      type: HandshakeRef,
      description: 'The handshake of its invitation, as long as AWS keeps that.',
      extensions: upstreamCost({ members: ['ActiveHandshakeId'], knownMembers: ['Id', 'Action'] }),
      resolve: async (transfer, _args, context) => {
        const id = await resolveMember(context, transfer, 'ActiveHandshakeId');
        return id == null ? null : entityRef('Handshake', id, { Id: id, Action: 'TRANSFER_RESPONSIBILITY' });
      },
    }),
    direction: t.field({
      type: TransferDirection,
      description: 'Whether the viewer takes over or hands over.',
      extensions: upstreamCost({ members: ['Arn', 'Target', 'Source'] }),
      resolve: (transfer, _args, context) => directionOf(context, transfer),
    }),
  }),
});

/**
 * arn:aws:organizations::<account>:transfer/<organization>/billing/<direction>/<id>: each side has an ARN of its own.
 */
const direction = /^arn:[^:]+:organizations::\d{12}:transfer\/[^/]+\/[^/]+\/(inbound|outbound)\//;

async function directionOf(
  context: GraphContext,
  transfer: Entity<'ResponsibilityTransfer'>,
): Promise<Direction | null> {
  const fromArn = direction.exec((await resolveMember(context, transfer, 'Arn')) ?? '')?.[1];
  if (fromArn !== undefined) return fromArn === 'inbound' ? 'INBOUND' : 'OUTBOUND';
  const own = await context.session.accountId();
  if ((await resolveMember(context, transfer, 'Target'))?.ManagementAccountId === own) return 'INBOUND';
  if ((await resolveMember(context, transfer, 'Source'))?.ManagementAccountId === own) return 'OUTBOUND';
  return null;
}

export const ResponsibilityTransferConnection = builder.connectionObject({
  type: ResponsibilityTransferRef,
  name: 'ResponsibilityTransferConnection',
  description: 'Transfers, and invitations to transfers.',
});

export const transferEntity = (transfer: aws.ResponsibilityTransfer): Entity<'ResponsibilityTransfer'> =>
  loadedEntity('ResponsibilityTransfer', transfer.Id, transfer);

builder.queryField('responsibilityTransfer', (t) =>
  t.field({
    type: ResponsibilityTransferRef,
    description: 'A transfer of the organization, to it or from it, by its id; null if there is none. Costs one call.',
    args: { id: t.arg.id({ required: true, description: 'The id, such as `rt-1a2b3c4d`.' }) },
    extensions: { ...upstreamCost({ typesReadById: () => ['ResponsibilityTransfer'] }), ...requires('read') },
    resolve: (_root, { id }, context) =>
      load(context, 'ResponsibilityTransfer', expectId('responsibilityTransfer(id:)', 'ResponsibilityTransfer', id)),
  }),
);

const changed = (transfer: aws.ResponsibilityTransfer | undefined) =>
  transfer === undefined ? null : transferEntity(transfer);

awsMutation('UpdateResponsibilityTransfer', {
  description: 'Renames a transfer that is requested or accepted. For the management account that takes over.',
  input: (t) => ({
    id: t.id({ required: true, description: 'The transfer to rename.' }),
    name: t.string({ required: true, description: 'Its new name: 1 to 128 printable ASCII characters.' }),
  }),
  payload: (t) => ({
    responsibilityTransfer: t.field({
      type: ResponsibilityTransferRef,
      description: 'The renamed transfer.',
      resolve: ({ output }) => changed(output.ResponsibilityTransfer),
    }),
  }),
});

awsMutation('TerminateResponsibilityTransfer', {
  description:
    'Ends an accepted transfer at the end of a month; its status becomes WITHDRAWN at once. For the management account of either side. Cannot be undone.',
  input: (t) => ({
    id: t.id({ required: true, description: 'The transfer to end.' }),
    endTimestamp: t.field({
      type: 'DateTime',
      description: 'When it is to end: 23:59:59 UTC on the last day of this month or of the next.',
    }),
  }),
  payload: (t) => ({
    responsibilityTransfer: t.field({
      type: ResponsibilityTransferRef,
      description: 'The withdrawn transfer.',
      resolve: ({ output }) => changed(output.ResponsibilityTransfer),
    }),
  }),
});
