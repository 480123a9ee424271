import { useMemo } from 'react';
import { useNow } from '../../data/clock.ts';
import type { ListState } from '../../data/lists.ts';
import { useList } from '../../data/use-list.ts';
import { useOwnOrganization } from '../../data/viewer.ts';
import { receivedInvitations, sentInvitations } from '../invitations/lists.ts';
import type { InvitationRow } from '../invitations/model.ts';
import { inboundTransfers, outboundTransfers } from './lists.ts';
import { compareTransfers, type Side, type Transfer, type TransferRow, toTransfer } from './model.ts';

/** The transfers of one side in their order, and the list that they are from. */
export function useTransfers(side: Side): {
  readonly list: ListState<TransferRow>;
  readonly transfers: readonly Transfer[];
} {
  // An account in no organization has no transfers.
  const { isMember } = useOwnOrganization();
  const definition = side === 'inbound' ? inboundTransfers : outboundTransfers;
  const list = useList<TransferRow>(isMember ? definition : undefined);
  // They have the deadlines of transfers that await an answer.
  const handshakes = side === 'inbound' ? sentInvitations : receivedInvitations;
  const invitations = useList<InvitationRow>(isMember ? handshakes : undefined);
  const now = useNow();
  const transfers = useMemo(
    () => [...list.rows.values()].map((row) => toTransfer(row, invitations.rows, now)).sort(compareTransfers),
    [list.rows, invitations.rows, now],
  );
  return { list, transfers };
}
