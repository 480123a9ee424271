import { useMemo } from 'react';
import { useNow } from '../../data/clock.ts';
import type { ListState } from '../../data/lists.ts';
import { useList } from '../../data/use-list.ts';
import { useOwnOrganization } from '../../data/viewer.ts';
import { inboundTransfers } from '../transfers/lists.ts';
import { receivedInvitations, sentInvitations } from './lists.ts';
import {
  approvalsOf,
  compareInvitations,
  type Invitation,
  type InvitationRow,
  type Side,
  toInvitation,
} from './model.ts';

interface Invitations {
  readonly list: ListState<InvitationRow>;
  readonly invitations: readonly Invitation[];
}

/** The invitations of one side in their order, and the list that they are from. */
export function useInvitations(side: Side): Invitations {
  const { isMember } = useOwnOrganization();
  const received = useList<InvitationRow>(side === 'received' ? receivedInvitations : undefined);
  // An account in no organization sends none.
  const sent = useList<InvitationRow>(side === 'sent' && isMember ? sentInvitations : undefined);
  const transfers = useList(side === 'sent' && isMember ? inboundTransfers : undefined);
  const list = side === 'sent' ? sent : received;
  const now = useNow();
  const approvals = useMemo(() => approvalsOf(list.rows.values()), [list.rows]);
  const invitations = useMemo(() => {
    const known = { names: transfers.rows, approvals, now };
    return [...list.rows.values()].map((row) => toInvitation(row, side, known)).sort(compareInvitations);
  }, [list.rows, transfers.rows, approvals, side, now]);
  return { list, invitations };
}
