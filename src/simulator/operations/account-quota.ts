import { isPending } from '../world/handshakes.ts';
import type { Organization } from '../world/organization.ts';

/**
 * Counts members (closed ones too, until they are permanently closed after 90 days), open invitations, and accounts in
 * creation.
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
 */
export function countQuotaAccounts(organization: Organization): number {
  const { members, sentHandshakes, createAccountRequests } = organization;
  let count = members.size;
  for (const handshake of sentHandshakes.values()) {
    if (handshake.action === 'INVITE' && isPending(handshake)) count += 1;
  }
  for (const { state, govCloud } of createAccountRequests.values())
    if (state === 'IN_PROGRESS' && !govCloud) count += 1;
  return count;
}
