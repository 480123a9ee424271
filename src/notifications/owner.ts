import type { Principal } from '../principal/index.ts';
import { type Upstream, UpstreamError } from '../upstream/index.ts';

/** The ARN of the principal's organization, or the account of a principal that is in none. */
export async function readOwner(upstream: Pick<Upstream, 'session'>, principal: Principal): Promise<string> {
  try {
    const { Organization } = await upstream.session(principal).read('DescribeOrganization', {});
    if (Organization?.Arn !== undefined) return Organization.Arn;
  } catch (error) {
    if (!(error instanceof UpstreamError && error.code === 'AWSOrganizationsNotInUseException')) throw error;
  }
  return `urn:aws:account:${await principal.accountId()}`;
}
