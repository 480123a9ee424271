import type { Call } from '../call.ts';
import type * as structures from '../model/structures.ts';
import type { Participant, ResponsibilityTransfer } from '../world/entities.ts';
import { isActive } from '../world/transfers.ts';
import { transferArn } from './arns.ts';
import { toOptionalSeconds, toSeconds } from './seconds.ts';

export function renderTransfer(call: Call, transfer: ResponsibilityTransfer): structures.ResponsibilityTransfer {
  return {
    Arn: transferArn(call, transfer),
    Name: transfer.name,
    Id: transfer.id,
    Type: transfer.type,
    Status: transfer.status,
    Source: renderParticipant(transfer.source),
    Target: renderParticipant(transfer.target),
    StartTimestamp: toSeconds(transfer.startAt),
    EndTimestamp: toOptionalSeconds(transfer.endAt),
    // AWS's examples omit it for withdrawn transfers. The handshake itself is deleted 30 days after its response.
    ActiveHandshakeId:
      isActive(transfer) && call.world.handshakes.has(transfer.handshakeId) ? transfer.handshakeId : undefined,
  };
}

function renderParticipant(participant: Participant): structures.TransferParticipant {
  return {
    ManagementAccountId: participant.managementAccountId,
    ManagementAccountEmail: participant.managementAccountEmail,
  };
}
