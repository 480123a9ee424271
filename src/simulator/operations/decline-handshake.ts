import { renderHandshake } from '../render/handshake.ts';
import { refuse } from '../service-error.ts';
import { complete } from '../world/handshakes.ts';
import { findHandshake } from './find.ts';
import { checkTransition } from './handshake-transitions.ts';
import type { Operation } from './operation.ts';

export const declineHandshake: Operation<'DeclineHandshake'> = ({ HandshakeId }, call) => {
  const { handshake, side } = findHandshake(call, HandshakeId);
  if (side !== 'recipient') {
    refuse('AccessDeniedException', `Only its recipient can decline ${HandshakeId}. The sender can cancel it.`);
  }
  checkTransition(handshake, 'DECLINED');
  complete(call.world, handshake, 'DECLINED', call.now);
  return { Handshake: renderHandshake(call, handshake) };
};
