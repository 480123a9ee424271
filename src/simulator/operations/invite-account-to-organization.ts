import { type Call, getCallerOrganization } from '../call.ts';
import { renderHandshake } from '../render/handshake.ts';
import { throwException, throwExceptionWithReason, throwInvalidInput } from '../service-error.ts';
import { DAY_MS, INVITE_EXPIRY_MS } from '../world/durations.ts';
import { sendHandshake } from '../world/handshakes.ts';
import type { Organization } from '../world/organization.ts';
import { countQuotaAccounts } from './account-quota.ts';
import { checkInitialized } from './check-initialized.ts';
import { checkNoDuplicate, type HandshakeTarget, resolveHandshakeTarget } from './handshake-target.ts';
import type { Operation } from './operation.ts';
import { checkTags } from './tags.ts';

const constraint = 'HandshakeConstraintViolationException';

export const inviteAccountToOrganization: Operation<'InviteAccountToOrganization'> = (
  { Target, Notes, Tags },
  call,
) => {
  const { account, world, now } = call;
  const organization = getCallerOrganization(call);
  const target = resolveHandshakeTarget(call, Target);
  const tags = checkTags(call, organization, 'account', Tags);
  if (account.missingPrerequisites.has('EMAIL_VERIFICATION')) {
    throwException(
      'AccountOwnerNotVerifiedException',
      `Verify the e-mail address ${account.email} of account ${account.id} first.`,
    );
  }
  checkInitialized(call, organization);
  checkInvitable(organization, target);
  checkNoDuplicate(call, organization, 'INVITE', target);
  checkInvitationLimits(call, organization);
  organization.invitationTimes.push(now);
  const handshake = sendHandshake(world, {
    action: 'INVITE',
    state: 'OPEN',
    organization,
    time: now,
    expiresAt: now + INVITE_EXPIRY_MS,
    recipient: target.party,
    tags,
    ...(Notes !== undefined && { notes: Notes }),
  });
  return { Handshake: renderHandshake(call, handshake) };
};

function checkInvitable(organization: Organization, { account, party }: HandshakeTarget): void {
  if (account && organization.members.has(account.id)) {
    throwExceptionWithReason(constraint, 'ALREADY_IN_AN_ORGANIZATION', `Account ${account.id} is already a member.`);
  }
  if (account && account.state !== 'ACTIVE') {
    throwInvalidInput(
      'TARGET_NOT_SUPPORTED',
      `Account ${party.id} is ${account.state} and cannot join an organization.`,
    );
  }
}

/**
 * The limit per 24 hours is the account quota, at least 20. Accepted invitations do not count.
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html#min-max-handshakes
 */
function checkInvitationLimits({ now }: Call, organization: Organization): void {
  if (countQuotaAccounts(organization) >= organization.quotas.accounts) {
    throwExceptionWithReason(
      constraint,
      'ACCOUNT_NUMBER_LIMIT_EXCEEDED',
      `Your organization may have ${organization.quotas.accounts} accounts, open invitations included.`,
    );
  }
  organization.invitationTimes = organization.invitationTimes.filter((time) => time > now - DAY_MS);
  let accepted = 0;
  for (const { action, state, requestedAt } of organization.sentHandshakes.values()) {
    if (action === 'INVITE' && state === 'ACCEPTED' && requestedAt > now - DAY_MS) accepted += 1;
  }
  const limit = Math.max(20, organization.quotas.accounts);
  if (organization.invitationTimes.length - accepted >= limit) {
    throwExceptionWithReason(
      constraint,
      'HANDSHAKE_RATE_LIMIT_EXCEEDED',
      `You sent ${limit} invitations within 24 hours.`,
    );
  }
}
