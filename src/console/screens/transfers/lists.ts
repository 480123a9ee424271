import { defineList } from '../../data/lists.ts';
import {
  InboundTransfersDocument,
  OutboundTransfersDocument,
  ReceivedTransferInvitationsDocument,
  SentTransferInvitationsDocument,
} from './transfers.generated.ts';

export const inboundTransfers = defineList({ name: 'Inbound transfers', document: InboundTransfersDocument });
export const outboundTransfers = defineList({ name: 'Outbound transfers', document: OutboundTransfersDocument });

/** They have the deadlines of transfers that await an answer. */
export const sentTransferInvitations = defineList({
  name: 'Sent transfer invitations',
  document: SentTransferInvitationsDocument,
});
export const receivedTransferInvitations = defineList({
  name: 'Received transfer invitations',
  document: ReceivedTransferInvitationsDocument,
});
