import type { aws } from '../upstream/index.ts';
import { builder } from './builder.ts';
import type { Entity } from './entity.ts';
import { HandshakePartyType, handshakeEntity } from './handshake.ts';
import { awsMutation } from './mutation.ts';
import { HandshakeRef } from './refs.ts';
import { ResponsibilityTransferType } from './responsibility-transfer.ts';
import { TagInput } from './tag.ts';

const HandshakePartyInput = builder.inputType('HandshakePartyInput', {
  description: 'The account or organization to invite.',
  fields: (t) => ({
    id: t.id({
      required: true,
      description: 'A 12-digit account id, or the e-mail address of an account; 1 to 64 characters.',
    }),
    type: t.field({
      type: HandshakePartyType,
      required: true,
      description: 'The type of `id`: ACCOUNT or EMAIL. ORGANIZATION cannot be invited.',
    }),
  }),
});

const handshakeOrNull = (handshake: aws.Handshake | undefined): Entity<'Handshake'> | null =>
  handshake === undefined ? null : handshakeEntity(handshake);

awsMutation('InviteAccountToOrganization', {
  description:
    'Invites an account to join the organization. The invitation expires after 15 days. For the management account.',
  input: (t) => ({
    target: t.field({ type: HandshakePartyInput, required: true, description: 'The account to invite.' }),
    notes: t.string({ description: 'A message to its owner, up to 1,024 characters.' }),
    tags: t.field({ type: [TagInput], description: 'Tags for the account, attached when it accepts.' }),
  }),
  payload: (t) => ({
    handshake: t.field({
      type: HandshakeRef,
      description: 'The invitation.',
      resolve: ({ output }) => handshakeOrNull(output.Handshake),
    }),
  }),
});

awsMutation('InviteOrganizationToTransferResponsibility', {
  description:
    "Invites another organization to hand a responsibility, its bill, over to the caller's. The invitation expires 24 hours before the start. For the management account; both organizations need all features.",
  input: (t) => ({
    type: t.field({
      type: ResponsibilityTransferType,
      required: true,
      description: 'The responsibility to take over: BILLING.',
    }),
    target: t.field({
      type: HandshakePartyInput,
      required: true,
      description:
        "The other organization's management account: the invited side, which the transfer calls its source.",
    }),
    notes: t.string({ description: 'A message to the other side, up to 1,024 characters.' }),
    startTimestamp: t.field({
      type: 'DateTime',
      required: true,
      description: 'When the transfer starts: 00:00:00 UTC on the first day of next month or of the month after it.',
    }),
    sourceName: t.string({
      required: true,
      description: 'Your name for the transfer: 1 to 128 printable ASCII characters.',
    }),
    tags: t.field({ type: [TagInput], description: 'Tags for the transfer, attached when it is accepted.' }),
  }),
  payload: (t) => ({
    handshake: t.field({
      type: HandshakeRef,
      description: 'The invitation; its `responsibilityTransfer` is the new transfer.',
      resolve: ({ output }) => handshakeOrNull(output.Handshake),
    }),
  }),
});

awsMutation('AcceptHandshake', {
  description:
    'Accepts a handshake. For its recipient; ENABLE_ALL_FEATURES is accepted, and so finalized, by the management account.',
  input: (t) => ({ handshakeId: t.id({ required: true, description: 'The handshake to accept.' }) }),
  payload: (t) => ({
    handshake: t.field({
      type: HandshakeRef,
      description: 'The accepted handshake.',
      resolve: ({ output }) => handshakeOrNull(output.Handshake),
    }),
  }),
});

awsMutation('DeclineHandshake', {
  description: 'Declines a handshake for good. For its recipient.',
  input: (t) => ({ handshakeId: t.id({ required: true, description: 'The handshake to decline.' }) }),
  payload: (t) => ({
    handshake: t.field({
      type: HandshakeRef,
      description: 'The declined handshake.',
      resolve: ({ output }) => handshakeOrNull(output.Handshake),
    }),
  }),
});

awsMutation('CancelHandshake', {
  description: 'Cancels a handshake before it is answered. For its sender.',
  input: (t) => ({ handshakeId: t.id({ required: true, description: 'The handshake to cancel.' }) }),
  payload: (t) => ({
    handshake: t.field({
      type: HandshakeRef,
      description: 'The canceled handshake.',
      resolve: ({ output }) => handshakeOrNull(output.Handshake),
    }),
  }),
});

awsMutation('EnableAllFeatures', {
  description:
    'Starts enabling all features in an organization with consolidated billing only: every invited account has to approve, then the returned handshake has to be accepted. For the management account.',
  payload: (t) => ({
    handshake: t.field({
      type: HandshakeRef,
      description: 'The handshake to accept once all members have approved.',
      resolve: ({ output }) => handshakeOrNull(output.Handshake),
    }),
  }),
});
