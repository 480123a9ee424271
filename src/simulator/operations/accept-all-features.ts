import { type Call, callersOrganization } from '../call.ts';
import { refuse } from '../service-error.ts';
import { approve, finishAllFeatures } from '../world/all-features.ts';
import type { Handshake } from '../world/entities.ts';
import { complete } from '../world/handshakes.ts';

/** The management account can accept once every invited member has approved. */
export function acceptAllFeatures(handshake: Handshake, call: Call): void {
  const organization = callersOrganization(call);
  if (handshake.state !== 'OPEN') {
    refuse(
      'InvalidHandshakeTransitionException',
      `Handshake ${handshake.id} is ${handshake.state}: not every invited account has accepted yet.`,
    );
  }
  complete(call.world, handshake, 'ACCEPTED', call.now, call.account);
  finishAllFeatures(call.world, organization, call.now);
}

/** A member approves all features, or restores the service-linked role of AWS Organizations. */
export function acceptApproval(handshake: Handshake, call: Call): void {
  const { world, account, now } = call;
  if (handshake.action === 'ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE') account.lacks.delete('SERVICE_LINKED_ROLE');
  complete(world, handshake, 'ACCEPTED', now, account);
  const parent = world.handshakes.get(handshake.parentHandshakeId ?? '');
  if (parent) approve(world, parent, account.id);
}
