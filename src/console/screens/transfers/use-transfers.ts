import { useMemo } from 'react';
import { useNow } from '../../data/clock.ts';
import type { ListState } from '../../data/lists.ts';
import { useList } from '../../data/use-list.ts';
import { inboundTransfers, outboundTransfers, receivedTransferInvitations, sentTransferInvitations } from './lists.ts';
import { compareTransfers, type Side, type Transfer, type TransferRow, toTransfer } from './model.ts';

/** The transfers of one side in their order, and the list that they are from. */
export function useTransfers(side: Side): {
  readonly list: ListState<TransferRow>;
  readonly transfers: readonly Transfer[];
} {
  const list = useList<TransferRow>(side === 'inbound' ? inboundTransfers : outboundTransfers);
  const invitations = useList(side === 'inbound' ? sentTransferInvitations : receivedTransferInvitations);
  const now = useNow();
  // States change with the day, and words with the minute: rows tick by themselves.
  const minute = Math.floor(now.getTime() / 60_000);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `minute` stands for `now`.
  const transfers = useMemo(
    () => [...list.rows.values()].map((row) => toTransfer(row, invitations.rows, now)).sort(compareTransfers),
    [list.rows, invitations.rows, minute],
  );
  return { list, transfers };
}
