import type { ActionType } from '../model/enums.ts';
import { HANDSHAKE_RETENTION_MS } from './durations.ts';
import type { Account, FinalState, Handshake, Party, Sender, Tags } from './entities.ts';
import type { Organization } from './organization.ts';
import { deleteUnacceptedTransfer, updateTransferState } from './transfers.ts';
import type { World } from './world.ts';

export interface NewHandshake {
  readonly action: ActionType;
  readonly state: 'OPEN' | 'REQUESTED';
  readonly organization: Organization;
  readonly time: number;
  readonly expiresAt: number;
  readonly recipient?: Party;
  readonly notes?: string;
  readonly tags?: Tags;
  readonly parentHandshakeId?: string;
  readonly transferId?: string;
  readonly awaiting?: Set<string>;
  readonly id?: string;
}

export function isPending({ state }: Handshake): boolean {
  return state === 'OPEN' || state === 'REQUESTED';
}

export function sendHandshake(world: World, { organization, time, ...handshake }: NewHandshake): Handshake {
  const sent: Handshake = {
    ...handshake,
    id: handshake.id ?? world.ids.handshake(),
    sender: senderOf(world, organization),
    requestedAt: time,
    tags: handshake.tags ?? new Map(),
    position: world.ids.position(),
  };
  world.addHandshake(sent);
  scheduleHandshake(world, sent);
  world.notifyHandshakeListeners(sent);
  return sent;
}

/** Sets the final state of a handshake and of its transfer. The caller has checked permissions. */
export function completeHandshake(
  world: World,
  handshake: Handshake,
  state: FinalState,
  time: number,
  by?: Account,
): void {
  handshake.state = state;
  handshake.completedAt = time;
  updateTransferState(world, handshake, state, by);
  scheduleHandshake(world, handshake);
  world.notifyHandshakeListeners(handshake);
}

/** Schedules the expiry of a pending handshake, and the deletion of a completed one after 30 days. */
export function scheduleHandshake(world: World, handshake: Handshake): void {
  if (isPending(handshake)) {
    world.scheduler.add(handshake.expiresAt, (time) => {
      if (isPending(handshake)) completeHandshake(world, handshake, 'EXPIRED', time);
    });
    return;
  }
  // World files may omit `completedAt`.
  world.scheduler.add((handshake.completedAt ?? handshake.expiresAt) + HANDSHAKE_RETENTION_MS, () => {
    world.deleteHandshake(handshake);
    deleteUnacceptedTransfer(world, handshake);
  });
}

function senderOf(world: World, organization: Organization): Sender {
  const management = world.accounts.get(organization.managementAccountId);
  return {
    organizationId: organization.id,
    managementAccountId: organization.managementAccountId,
    email: management?.email ?? '',
    name: management?.name ?? '',
    // While all features are being enabled, invitations already say ALL.
    // https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_org_support-all-features.html
    featureSet: isEnablingAllFeatures(organization) ? 'ALL' : organization.featureSet,
  };
}

function isEnablingAllFeatures(organization: Organization): boolean {
  for (const handshake of organization.sentHandshakes.values()) {
    if (handshake.action === 'ENABLE_ALL_FEATURES' && isPending(handshake)) return true;
  }
  return false;
}
