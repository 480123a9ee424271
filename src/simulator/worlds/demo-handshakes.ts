import { DAY_MS, HOUR_MS, INVITE_EXPIRY_MS, TRANSFER_EXPIRY_BEFORE_START_MS } from '../world/durations.ts';
import type { Account, Handshake, Party } from '../world/entities.ts';
import { completeHandshake, sendHandshake } from '../world/handshakes.ts';
import { deriveId } from '../world/ids.ts';
import { joinOrganization } from '../world/membership.ts';
import { monthStart } from '../world/months.ts';
import type { Organization } from '../world/organization.ts';
import type { WorldBuilder } from './builder.ts';

/** State of an invitation in a seeded world. A `PENDING` one expires on its date. */
export type Outcome = 'PENDING' | 'ACCEPTED' | 'DECLINED' | 'CANCELED' | 'WITHDRAWN';

interface Invitation {
  readonly from: Organization;
  readonly to: Account;
  readonly byEmail?: boolean;
  readonly sentDaysAgo: number;
  readonly outcome: Outcome;
  readonly notes?: string;
}

/** Sends an invitation to join, with a response 12 hours later. */
export function invite(builder: WorldBuilder, { from, to, outcome, ...invitation }: Invitation): Handshake {
  const { world } = builder;
  const time = builder.daysAgo(invitation.sentDaysAgo);
  const handshake = sendHandshake(world, {
    id: `h-${deriveId(`invite/${from.id}/${to.id}/${invitation.sentDaysAgo}`, 16)}`,
    action: 'INVITE',
    state: 'OPEN',
    organization: from,
    time,
    expiresAt: time + INVITE_EXPIRY_MS,
    recipient: partyOf(to, invitation.byEmail),
    ...(invitation.notes !== undefined && { notes: invitation.notes }),
  });
  const answeredAt = time + 12 * HOUR_MS;
  if (outcome === 'ACCEPTED') {
    completeHandshake(world, handshake, 'ACCEPTED', answeredAt, to);
    joinOrganization(world, to, from, { method: 'INVITED', time: answeredAt });
  } else if (outcome === 'DECLINED' || outcome === 'CANCELED') {
    completeHandshake(world, handshake, outcome, answeredAt);
  }
  return handshake;
}

/** Sends a transfer invitation for the earliest possible month, with a response 12 hours later. */
export function inviteToTransfer(builder: WorldBuilder, { from, to, outcome, ...invitation }: Invitation): void {
  const { world } = builder;
  const time = builder.daysAgo(invitation.sentDaysAgo);
  const startAt = monthStart(time + 2 * DAY_MS, 1);
  const key = `${from.id}/${to.id}/${invitation.sentDaysAgo}`;
  const transferId = `rt-${deriveId(`transfer/${key}`, 8)}`;
  const handshakeId = `h-${deriveId(`transfer-handshake/${key}`, 16)}`;
  const management = world.accounts.get(from.managementAccountId);
  world.addTransfer({
    id: transferId,
    type: 'BILLING',
    handshakeId,
    invited: partyOf(to, invitation.byEmail),
    target: {
      organizationId: from.id,
      managementAccountId: from.managementAccountId,
      ...(management && { managementAccountEmail: management.email }),
    },
    source: { managementAccountId: to.id, managementAccountEmail: to.email },
    startAt,
    position: world.ids.position(),
    tags: new Map(),
    name: to.name,
    status: 'REQUESTED',
  });
  const handshake = sendHandshake(world, {
    id: handshakeId,
    action: 'TRANSFER_RESPONSIBILITY',
    state: 'REQUESTED',
    organization: from,
    time,
    expiresAt: startAt - TRANSFER_EXPIRY_BEFORE_START_MS,
    recipient: partyOf(to, invitation.byEmail),
    transferId,
    tags: new Map([['customer', to.name]]),
    ...(invitation.notes !== undefined && { notes: invitation.notes }),
  });
  if (outcome === 'PENDING') return;
  const answeredAt = time + 12 * HOUR_MS;
  completeHandshake(world, handshake, outcome === 'WITHDRAWN' ? 'ACCEPTED' : outcome, answeredAt, to);
  const transfer = world.transfers.get(transferId);
  if (outcome !== 'WITHDRAWN' || !transfer) return;
  transfer.status = 'WITHDRAWN';
  transfer.endAt = Math.max(startAt, monthStart(builder.start, 1) - 1);
}

function partyOf({ id, email }: Account, byEmail = false): Party {
  return byEmail ? { type: 'EMAIL', id: email } : { type: 'ACCOUNT', id };
}
