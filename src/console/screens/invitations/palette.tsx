import { MailIcon } from '../../components/icons.tsx';
import { navigate } from '../../data/location.ts';
import { matcher } from '../../data/text.ts';
import type { PaletteItem } from '../../shell/screen.ts';
import type { Side } from './model.ts';
import { useInvitations } from './use-invitations.ts';

/** Invitations by the other side's name, address or id. */
export function useInvitationItems(typed: string): readonly PaletteItem[] {
  const sent = useInvitations('sent').invitations;
  const received = useInvitations('received').invitations;
  if (typed.trim() === '') return [];
  const matches = matcher(typed);
  const sides: readonly (readonly [Side, typeof sent])[] = [
    ['sent', sent],
    ['received', received],
  ];
  return sides.flatMap(([side, invitations]) =>
    invitations
      .filter(({ id, name, partyId, email }) => matches(name, partyId, email, id))
      .map(({ id, name, state }) => ({
        id,
        icon: <MailIcon />,
        name,
        note: `Invitation ${side}, ${state.toLowerCase()}`,
        open: () => navigate('/invitations', { side, open: id }),
      })),
  );
}
