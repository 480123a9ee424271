import { isManagementAccount } from '../call.ts';
import { renderHandshake } from '../render/handshake.ts';
import { createHandshakeFilter } from './handshake-filter.ts';
import type { Operation } from './operation.ts';

/**
 * Hides invitations from a management account until it has deleted its organization.
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_accept-decline-invite.html
 */
export const listHandshakesForAccount: Operation<'ListHandshakesForAccount'> = (input, call) => {
  const { world, account } = call;
  const hideInvites = isManagementAccount(account, world.organizationOf(account));
  const matches = createHandshakeFilter(input.Filter);
  const { items, NextToken } = call.pager.page(
    call,
    input,
    (position) => world.handshakesReceivedBy(account, position),
    (handshake) => renderHandshake(call, handshake),
    (handshake) => matches(handshake) && !(hideInvites && handshake.action === 'INVITE'),
  );
  return { Handshakes: items, NextToken };
};
