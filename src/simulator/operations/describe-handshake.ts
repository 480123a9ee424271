import { renderHandshake } from '../render/handshake.ts';
import { throwException } from '../service-error.ts';
import { findHandshake } from './find.ts';
import type { Operation } from './operation.ts';

export const describeHandshake: Operation<'DescribeHandshake'> = ({ HandshakeId }, call) => {
  const { handshake, side } = findHandshake(call, HandshakeId);
  const organization = call.world.organizationOf(call.account);
  // Members may read ENABLE_ALL_FEATURES, because the approvals that they receive refer to it.
  const ownParty = handshake.action === 'ENABLE_ALL_FEATURES' || organization?.delegations.has(call.account.id);
  if (side === 'colleague' && !ownParty) {
    throwException(
      'AccessDeniedException',
      `Account ${call.account.id} is neither the sender nor the recipient of ${HandshakeId}.`,
    );
  }
  return { Handshake: renderHandshake(call, handshake) };
};
