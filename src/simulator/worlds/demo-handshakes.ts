import { DAY_MS, HOUR_MS, INVITE_EXPIRY_MS, TRANSFER_EXPIRY_BEFORE_START_MS } from '../world/durations.ts';
import type { Account, Handshake, Party } from '../world/entities.ts';
import { complete, sendHandshake } from '../world/handshakes.ts';
import { idFrom } from '../world/ids.ts';
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
  const at = builder.daysAgo(invitation.sentDaysAgo);
  const handshake = sendHandshake(world, {
    id: `h-${idFrom(`invite/${from.id}/${to.id}/${invitation.sentDaysAgo}`, 16)}`,
    action: 'INVITE',
    state: 'OPEN',
    organization: from,
    at,
    expiresAt: at + INVITE_EXPIRY_MS,
    recipient: partyOf(to, invitation.byEmail),
    ...(invitation.notes !== undefined && { notes: invitation.notes }),
  });
  const answeredAt = at + 12 * HOUR_MS;
  if (outcome === 'ACCEPTED') {
    complete(world, handshake, 'ACCEPTED', answeredAt, to);
    joinOrganization(world, to, from, { method: 'INVITED', at: answeredAt });
  } else if (outcome === 'DECLINED' || outcome === 'CANCELED') {
    complete(world, handshake, outcome, answeredAt);
  }
  return handshake;
}

/** Sends a transfer invitation for the earliest possible month, with a response 12 hours later. */
export function inviteToTransfer(builder: WorldBuilder, { from, to, outcome, ...invitation }: Invitation): void {
  const { world } = builder;
  const at = builder.daysAgo(invitation.sentDaysAgo);
  const startAt = monthStart(at + 2 * DAY_MS, 1);
  const key = `${from.id}/${to.id}/${invitation.sentDaysAgo}`;
  const transferId = `rt-${idFrom(`transfer/${key}`, 8)}`;
  const handshakeId = `h-${idFrom(`transfer-handshake/${key}`, 16)}`;
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
    at,
    expiresAt: startAt - TRANSFER_EXPIRY_BEFORE_START_MS,
    recipient: partyOf(to, invitation.byEmail),
    transferId,
    tags: new Map([['customer', to.name]]),
    ...(invitation.notes !== undefined && { notes: invitation.notes }),
  });
  if (outcome === 'PENDING') return;
  const answeredAt = at + 12 * HOUR_MS;
  complete(world, handshake, outcome === 'WITHDRAWN' ? 'ACCEPTED' : outcome, answeredAt, to);
  const transfer = world.transfers.get(transferId);
  if (outcome !== 'WITHDRAWN' || !transfer) return;
  transfer.status = 'WITHDRAWN';
  transfer.endAt = Math.max(startAt, monthStart(builder.start, 1) - 1);
}

function partyOf({ id, email }: Account, byEmail = false): Party {
  return byEmail ? { type: 'EMAIL', id: email } : { type: 'ACCOUNT', id };
}
