import { useInvitations } from './use-invitations.ts';

/** Open invitations, sent and received. */
export function InvitationsCount() {
  const lists = [useInvitations('sent'), useInvitations('received')];
  // One that cannot be read has no rows, and the other counts.
  const isArriving = lists.some(({ list }) => !list.isReady && list.rows.size > 0);
  const open = lists.flatMap(({ invitations }) => invitations).filter(({ isOpen }) => isOpen).length;
  if (isArriving || open === 0) return null;
  return (
    <span className="navigation-count">
      {open}
      <span className="visually-hidden"> open</span>
    </span>
  );
}
