import type { Call } from '../call.ts';
import type * as structures from '../model/structures.ts';
import type { Handshake } from '../world/entities.ts';
import { handshakeArn } from './arns.ts';
import { toSeconds } from './seconds.ts';

export function renderHandshake(call: Call, handshake: Handshake): structures.Handshake {
  return {
    Id: handshake.id,
    Arn: handshakeArn(call, handshake),
    Parties: [
      { Id: handshake.sender.organizationId, Type: 'ORGANIZATION' },
      ...(handshake.recipient ? [{ Id: handshake.recipient.id, Type: handshake.recipient.type }] : []),
    ],
    State: handshake.state,
    RequestedTimestamp: toSeconds(handshake.requestedAt),
    ExpirationTimestamp: toSeconds(handshake.expiresAt),
    Action: handshake.action,
    Resources: [
      ...leadingResources(call, handshake),
      senderResource(handshake),
      ...recipientResources(handshake),
      ...(handshake.notes === undefined ? [] : [{ Type: 'NOTES', Value: handshake.notes } as const]),
    ],
  };
}

/** The first resources, in the order of AWS's examples. */
function leadingResources(call: Call, { transferId, parentHandshakeId }: Handshake): structures.HandshakeResource[] {
  const transfer = transferId === undefined ? undefined : call.world.transfers.get(transferId);
  if (transfer) {
    return [
      {
        Type: 'RESPONSIBILITY_TRANSFER',
        Value: transfer.id,
        Resources: [
          { Type: 'TRANSFER_START_TIMESTAMP', Value: String(toSeconds(transfer.startAt)) },
          { Type: 'TRANSFER_TYPE', Value: transfer.type },
        ],
      },
    ];
  }
  return parentHandshakeId === undefined ? [] : [{ Type: 'PARENT_HANDSHAKE', Value: parentHandshakeId }];
}

function senderResource({ action, sender }: Handshake): structures.HandshakeResource {
  const organization = { Type: 'ORGANIZATION', Value: sender.organizationId } as const;
  if (action === 'INVITE') {
    return {
      ...organization,
      Resources: [
        { Type: 'MASTER_EMAIL', Value: sender.email },
        { Type: 'MASTER_NAME', Value: sender.name },
        { Type: 'ORGANIZATION_FEATURE_SET', Value: sender.featureSet },
      ],
    };
  }
  if (action === 'TRANSFER_RESPONSIBILITY') {
    return {
      ...organization,
      Resources: [
        { Type: 'MANAGEMENT_EMAIL', Value: sender.email },
        { Type: 'MANAGEMENT_NAME', Value: sender.name },
        { Type: 'MANAGEMENT_ACCOUNT', Value: sender.managementAccountId },
      ],
    };
  }
  return organization;
}

function recipientResources({ recipient: party }: Handshake): structures.HandshakeResource[] {
  return party ? [{ Type: party.type, Value: party.id }] : [];
}
