import { renderHandshake } from '../render/handshake.ts';
import { throwException } from '../service-error.ts';
import { completeHandshake } from '../world/handshakes.ts';
import { findHandshake } from './find.ts';
import { checkTransition } from './handshake-transitions.ts';
import type { Operation } from './operation.ts';

export const declineHandshake: Operation<'DeclineHandshake'> = ({ HandshakeId }, call) => {
  const { handshake, side } = findHandshake(call, HandshakeId);
  if (side !== 'recipient') {
    throwException('AccessDeniedException', `Only its recipient can decline ${HandshakeId}. The sender can cancel it.`);
  }
  checkTransition(handshake, 'DECLINED');
  completeHandshake(call.world, handshake, 'DECLINED', call.now);
  return { Handshake: renderHandshake(call, handshake) };
};
