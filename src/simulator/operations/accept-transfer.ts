import { type Call, getCallerOrganization, isManagementAccount } from '../call.ts';
import { throwConstraintViolation, throwException, throwExceptionWithReason } from '../service-error.ts';
import type { Handshake } from '../world/entities.ts';
import { completeHandshake } from '../world/handshakes.ts';
import type { Organization } from '../world/organization.ts';
import { acceptedTransfersFrom, countInboundInChain, inboundChainLength, payerChain } from '../world/transfers.ts';
import { checkNoCycle } from './check-no-cycle.ts';

/** https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/orgs_transfer_billing-respond-invitation.html */
export function acceptTransfer(handshake: Handshake, call: Call): void {
  const { world, account, now } = call;
  const organization = getCallerOrganization(call);
  if (!isManagementAccount(account, organization)) {
    throwException('AccessDeniedException', `Only the management account of ${organization.id} can accept a transfer.`);
  }
  if (organization.featureSet !== 'ALL') {
    throwConstraintViolation(
      'ORGANIZATION_NOT_IN_ALL_FEATURES_MODE',
      `Enable all features in ${organization.id} first.`,
    );
  }
  if (account.state !== 'ACTIVE' || account.missingPrerequisites.has('COMPLETE_SETUP')) {
    throwConstraintViolation(
      'ACCOUNT_NOT_ACTIVE_FOR_TRANSFER_RESPONSIBILITY',
      `Account ${account.id} is not fully active.`,
    );
  }
  if (account.missingPrerequisites.has('PAYMENT_INSTRUMENT')) {
    throwExceptionWithReason(
      'HandshakeConstraintViolationException',
      'PAYMENT_INSTRUMENT_REQUIRED',
      `Account ${account.id} has no payment method.`,
    );
  }
  if (acceptedTransfersFrom(world, account).length >= organization.quotas.outboundTransfers) {
    throwConstraintViolation(
      'RESPONSIBILITY_TRANSFER_MAX_OUTBOUND_QUOTA_VIOLATION',
      `Organization ${organization.id} already hands its bill over. Withdraw that transfer first.`,
    );
  }
  checkChain(call, organization, handshake.sender.organizationId);
  completeHandshake(world, handshake, 'ACCEPTED', now, account);
}

/** Each payer up the chain also takes over the transfers that the new source already pays for. */
function checkChain({ world }: Call, source: Organization, targetId: string): void {
  checkNoCycle(source.id, payerChain(world, targetId));
  const added = 1 + countInboundInChain(world, source.id);
  for (const [levels, payerId] of payerChain(world, targetId).entries()) {
    const payer = world.organizations.get(payerId);
    if (!payer) continue;
    if (inboundChainLength(world, source.id) + 1 + levels > payer.quotas.transferChain) {
      throwConstraintViolation(
        'RESPONSIBILITY_TRANSFER_MAX_LEVEL_VIOLATION',
        `The chain of transfers to ${payerId} would be longer than ${payer.quotas.transferChain}.`,
      );
    }
    if (countInboundInChain(world, payerId) + added > payer.quotas.aggregateTransfers) {
      throwConstraintViolation(
        'RESPONSIBILITY_TRANSFER_MAX_TRANSFERS_QUOTA_VIOLATION',
        `${payerId} would pay for more than ${payer.quotas.aggregateTransfers} organizations.`,
      );
    }
  }
}
