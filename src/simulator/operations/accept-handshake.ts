import type { Call } from '../call.ts';
import type { ActionType } from '../model/enums.ts';
import { renderHandshake } from '../render/handshake.ts';
import { throwException } from '../service-error.ts';
import type { Handshake } from '../world/entities.ts';
import { acceptAllFeatures, acceptApproval } from './accept-all-features.ts';
import { acceptInvitation } from './accept-invitation.ts';
import { acceptTransfer } from './accept-transfer.ts';
import { findHandshake } from './find.ts';
import { checkTransition } from './handshake-transitions.ts';
import type { Operation } from './operation.ts';

const accept: { readonly [Action in ActionType]: (handshake: Handshake, call: Call) => void } = {
  INVITE: acceptInvitation,
  ENABLE_ALL_FEATURES: acceptAllFeatures,
  APPROVE_ALL_FEATURES: acceptApproval,
  ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE: acceptApproval,
  TRANSFER_RESPONSIBILITY: acceptTransfer,
};

export const acceptHandshake: Operation<'AcceptHandshake'> = ({ HandshakeId }, call) => {
  const { handshake, side } = findHandshake(call, HandshakeId);
  const own = handshake.action === 'ENABLE_ALL_FEATURES' && side === 'sender';
  if (side !== 'recipient' && !own) {
    throwException('AccessDeniedException', `Only its recipient can accept ${HandshakeId}. The sender can cancel it.`);
  }
  checkTransition(handshake, 'ACCEPTED');
  accept[handshake.action](handshake, call);
  return { Handshake: renderHandshake(call, handshake) };
};
