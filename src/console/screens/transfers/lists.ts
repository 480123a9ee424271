import { defineList } from '../../data/lists.ts';
import { InboundTransfersDocument, OutboundTransfersDocument } from './transfers.generated.ts';

export const inboundTransfers = defineList({ name: 'Inbound transfers', document: InboundTransfersDocument });
export const outboundTransfers = defineList({ name: 'Outbound transfers', document: OutboundTransfersDocument });
