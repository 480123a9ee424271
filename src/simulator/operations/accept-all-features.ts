import { type Call, getCallerOrganization } from '../call.ts';
import { throwException } from '../service-error.ts';
import { finishAllFeatures, recordApproval } from '../world/all-features.ts';
import type { Handshake } from '../world/entities.ts';
import { completeHandshake } from '../world/handshakes.ts';

/** The management account can accept once every invited member has approved. */
export function acceptAllFeatures(handshake: Handshake, call: Call): void {
  const organization = getCallerOrganization(call);
  if (handshake.state !== 'OPEN') {
    throwException(
      'InvalidHandshakeTransitionException',
      `Handshake ${handshake.id} is ${handshake.state}: not every invited account has accepted yet.`,
    );
  }
  completeHandshake(call.world, handshake, 'ACCEPTED', call.now, call.account);
  finishAllFeatures(call.world, organization, call.now);
}

/** A member approves all features, or restores the service-linked role of AWS Organizations. */
export function acceptApproval(handshake: Handshake, call: Call): void {
  const { world, account, now } = call;
  if (handshake.action === 'ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE')
    account.missingPrerequisites.delete('SERVICE_LINKED_ROLE');
  completeHandshake(world, handshake, 'ACCEPTED', now, account);
  const parent = world.handshakes.get(handshake.parentHandshakeId ?? '');
  if (parent) recordApproval(world, parent, account.id);
}
