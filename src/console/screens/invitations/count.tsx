import { useInvitations } from './use-invitations.ts';

/** Open invitations, sent and received. */
export function InvitationsCount() {
  const sent = useInvitations('sent').invitations;
  const received = useInvitations('received').invitations;
  const open = [...sent, ...received].filter(({ isOpen }) => isOpen).length;
  if (open === 0) return null;
  return (
    <span className="navigation-count">
      {open}
      <span className="visually-hidden"> open</span>
    </span>
  );
}
