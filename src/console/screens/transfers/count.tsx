import { useTransfers } from './use-transfers.ts';

/** Transfers that await an answer; amber when one has less than two days. */
export function TransfersCount() {
  const { list, transfers } = useTransfers('inbound');
  const awaiting = transfers.filter(({ group }) => group === 'awaiting');
  if (!list.isReady || awaiting.length === 0) return null;
  const isDue = awaiting.some((transfer) => transfer.isDue);
  return (
    <span className="navigation-count" data-tone={isDue ? 'amber' : undefined}>
      {awaiting.length}
      <span className="visually-hidden"> awaiting answer</span>
    </span>
  );
}
