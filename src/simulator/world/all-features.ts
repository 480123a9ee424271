import type { ActionType } from '../model/enums.ts';
import { ALL_FEATURES_EXPIRY_MS } from './durations.ts';
import type { Account, Handshake } from './entities.ts';
import { completeHandshake, isPending, sendHandshake } from './handshakes.ts';
import type { Organization } from './organization.ts';
import { addManagedPolicies } from './policies.ts';
import type { World } from './world.ts';

/**
 * Starts enabling all features. The ENABLE_ALL_FEATURES handshake is REQUESTED until every invited member has accepted
 * its APPROVE_ALL_FEATURES handshake; then it is OPEN and the management account accepts it.
 * https://docs.aws.amazon.com/organizations/latest/userguide/manage-begin-all-features-standard-migration.html
 */
export function startAllFeatures(world: World, organization: Organization, time: number): Handshake {
  for (const handshake of [...organization.sentHandshakes.values()]) {
    if (handshake.action === 'INVITE' && isPending(handshake)) completeHandshake(world, handshake, 'CANCELED', time);
  }
  const expiresAt = time + ALL_FEATURES_EXPIRY_MS;
  const approvals = organization.members.values().flatMap((member) => {
    const action = requiredApproval(member, organization);
    return action ? [{ id: member.id, action }] : [];
  });
  const parent = sendHandshake(world, {
    action: 'ENABLE_ALL_FEATURES',
    state: 'REQUESTED',
    organization,
    time,
    expiresAt,
    awaiting: new Set(approvals.map(({ id }) => id)),
  });
  for (const { id, action } of approvals) {
    const recipient = { type: 'ACCOUNT', id } as const;
    const parentHandshakeId = parent.id;
    sendHandshake(world, { action, state: 'OPEN', organization, time, expiresAt, recipient, parentHandshakeId });
  }
  openWhenApproved(world, parent);
  return parent;
}

/** Created accounts need no approval, unless they deleted the service-linked role of AWS Organizations. */
function requiredApproval(member: Account, organization: Organization): ActionType | undefined {
  if (member.id === organization.managementAccountId) return undefined;
  if (member.membership?.joinedMethod === 'INVITED') return 'APPROVE_ALL_FEATURES';
  return member.missingPrerequisites.has('SERVICE_LINKED_ROLE') ? 'ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE' : undefined;
}

export function pendingAllFeatures(organization: Organization): Handshake | undefined {
  return organization.sentHandshakes
    .values()
    .find((handshake) => handshake.action === 'ENABLE_ALL_FEATURES' && isPending(handshake));
}

/** Call it when an account has approved or left. A declined approval blocks the process until the account leaves. */
export function recordApproval(world: World, parent: Handshake, accountId: string): void {
  parent.awaiting?.delete(accountId);
  openWhenApproved(world, parent);
}

function openWhenApproved(world: World, parent: Handshake): void {
  if (parent.state !== 'REQUESTED' || (parent.awaiting?.size ?? 0) > 0) return;
  parent.state = 'OPEN';
  world.notifyHandshakeListeners(parent);
}

export function finishAllFeatures(world: World, organization: Organization, time: number): void {
  organization.featureSet = 'ALL';
  addManagedPolicies(world, organization, time);
}

/**
 * Cancels the process if `canceled` is one of its handshakes, because each of them must be accepted. Its open
 * handshakes, and invitations sent since its start, are canceled too.
 */
export function cancelAllFeatures(world: World, organization: Organization, canceled: Handshake, time: number): void {
  const parent =
    canceled.action === 'ENABLE_ALL_FEATURES' ? canceled : world.handshakes.get(canceled.parentHandshakeId ?? '');
  if (!parent) return;
  if (isPending(parent)) completeHandshake(world, parent, 'CANCELED', time);
  for (const handshake of [...organization.sentHandshakes.values()]) {
    const during = handshake.action === 'INVITE' && handshake.requestedAt >= parent.requestedAt;
    if (isPending(handshake) && (handshake.parentHandshakeId === parent.id || during)) {
      completeHandshake(world, handshake, 'CANCELED', time);
    }
  }
}

/** Cancels the approval of a member that leaves. */
export function cancelApproval(world: World, account: Account, organization: Organization, time: number): void {
  const parent = pendingAllFeatures(organization);
  if (!parent) return;
  const child = organization.sentHandshakes
    .values()
    .find(({ parentHandshakeId, recipient }) => parentHandshakeId === parent.id && recipient?.id === account.id);
  if (child && isPending(child)) completeHandshake(world, child, 'CANCELED', time);
  recordApproval(world, parent, account.id);
}
