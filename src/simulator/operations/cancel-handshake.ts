import { renderHandshake } from '../render/handshake.ts';
import { throwException } from '../service-error.ts';
import { cancelAllFeatures } from '../world/all-features.ts';
import { completeHandshake } from '../world/handshakes.ts';
import { findHandshake } from './find.ts';
import { checkTransition } from './handshake-transitions.ts';
import type { Operation } from './operation.ts';

export const cancelHandshake: Operation<'CancelHandshake'> = ({ HandshakeId }, call) => {
  const { world, account, now } = call;
  const { handshake, side } = findHandshake(call, HandshakeId);
  if (side !== 'sender') {
    throwException('AccessDeniedException', `Only its sender can cancel ${HandshakeId}. The recipient can decline it.`);
  }
  checkTransition(handshake, 'CANCELED');
  completeHandshake(world, handshake, 'CANCELED', now);
  const organization = world.organizationOf(account);
  if (organization) cancelAllFeatures(world, organization, handshake, now);
  return { Handshake: renderHandshake(call, handshake) };
};
