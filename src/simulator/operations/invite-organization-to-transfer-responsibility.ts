import { type Call, getCallerOrganization, isManagementAccount } from '../call.ts';
import { renderHandshake } from '../render/handshake.ts';
import { throwConstraintViolation, throwExceptionWithReason, throwInvalidInput } from '../service-error.ts';
import { TRANSFER_EXPIRY_BEFORE_START_MS } from '../world/durations.ts';
import { sendHandshake } from '../world/handshakes.ts';
import type { Organization } from '../world/organization.ts';
import { isActive, payerChain } from '../world/transfers.ts';
import { checkNoCycle } from './check-no-cycle.ts';
import { checkNoDuplicate, type HandshakeTarget, resolveHandshakeTarget } from './handshake-target.ts';
import type { Operation } from './operation.ts';
import { checkTags } from './tags.ts';
import { checkStartTimestamp } from './transfer-dates.ts';

/** The inviting account will pay. It is the transfer's target, and the request's Target is the transfer's source. */
export const inviteOrganizationToTransferResponsibility: Operation<'InviteOrganizationToTransferResponsibility'> = (
  input,
  call,
) => {
  const { world, now, account } = call;
  const organization = getCallerOrganization(call);
  const target = resolveHandshakeTarget(call, input.Target);
  const startAt = checkStartTimestamp(input.StartTimestamp, now);
  const tags = checkTags(call, organization, 'transfer', input.Tags);
  checkTarget(call, organization, target);
  checkNoDuplicate(call, organization, 'TRANSFER_RESPONSIBILITY', target);
  checkQuotas(call, organization);

  const transferId = world.ids.transfer();
  const handshakeId = world.ids.handshake();
  world.addTransfer({
    id: transferId,
    type: input.Type,
    handshakeId,
    invited: target.party,
    target: {
      organizationId: organization.id,
      managementAccountId: account.id,
      managementAccountEmail: account.email,
    },
    source: {
      ...(target.account
        ? { managementAccountId: target.account.id, managementAccountEmail: target.account.email }
        : target.party.type === 'ACCOUNT'
          ? { managementAccountId: target.party.id }
          : { managementAccountEmail: target.party.id }),
    },
    startAt,
    position: world.ids.position(),
    tags: new Map(),
    name: input.SourceName,
    status: 'REQUESTED',
  });
  const handshake = sendHandshake(world, {
    id: handshakeId,
    action: 'TRANSFER_RESPONSIBILITY',
    state: 'REQUESTED',
    organization,
    time: now,
    expiresAt: startAt - TRANSFER_EXPIRY_BEFORE_START_MS,
    recipient: target.party,
    transferId,
    tags,
    ...(input.Notes !== undefined && { notes: input.Notes }),
  });
  return { Handshake: renderHandshake(call, handshake) };
};

function checkTarget(call: Call, organization: Organization, { account, party }: HandshakeTarget): void {
  if (!account) return;
  if (account === call.account) {
    throwExceptionWithReason(
      'HandshakeConstraintViolationException',
      'SOURCE_AND_TARGET_CANNOT_MATCH',
      'You cannot take over your own bill: invite the management account of another organization.',
    );
  }
  const theirs = call.world.organizationOf(account);
  if (theirs && !isManagementAccount(account, theirs)) {
    throwInvalidInput(
      'TARGET_NOT_SUPPORTED',
      `Account ${party.id} is a member: invite the management account of its organization.`,
    );
  }
  if (theirs) checkNoCycle(theirs.id, payerChain(call.world, organization.id));
  const existing = organization.inboundTransfers
    .values()
    .find(({ status, source }) => status === 'ACCEPTED' && source.managementAccountId === account.id);
  if (existing) {
    throwExceptionWithReason(
      'HandshakeConstraintViolationException',
      'RESPONSIBILITY_TRANSFER_ALREADY_EXISTS',
      `Transfer ${existing.id} from ${account.id} is already in place.`,
    );
  }
}

/** https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/orgs_transfer_billing-quotas.html */
function checkQuotas({ world }: Call, organization: Organization): void {
  const inbound = organization.inboundTransfers.values().filter(isActive).length;
  if (inbound >= organization.quotas.inboundTransfers) {
    throwConstraintViolation(
      'RESPONSIBILITY_TRANSFER_MAX_INBOUND_QUOTA_VIOLATION',
      `Your organization may have ${organization.quotas.inboundTransfers} inbound transfers, invitations included.`,
    );
  }
  for (const [levels, payerId] of payerChain(world, organization.id).entries()) {
    const limit = world.organizations.get(payerId)?.quotas.transferChain ?? 1;
    if (levels + 1 > limit) {
      throwConstraintViolation(
        'RESPONSIBILITY_TRANSFER_MAX_LEVEL_VIOLATION',
        `The chain of transfers to ${payerId} would be longer than ${limit}.`,
      );
    }
  }
}
