import { BanIcon } from '../../actions/icons.tsx';
import { CheckIcon, MailIcon } from '../../components/icons.tsx';
import { navigate } from '../../data/location.ts';
import { matcher } from '../../data/text.ts';
import type { PaletteAction, PaletteItem } from '../../shell/screen.ts';
import { actionsOf } from './actions/rules.ts';
import type { Invitation, Side } from './model.ts';
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
      .map((invitation) => ({ ...invitation, actions: paletteActionsOf(side, invitation) }))
      .map(({ id, name, state, actions }) => ({
        id,
        actions,
        icon: <MailIcon />,
        name,
        note: `Invitation ${side}, ${state.toLowerCase()}`,
        open: () => navigate('/invitations', { side, open: id }),
      })),
  );
}

/** What can be done with an invitation. A form opens; nothing is sent. */
function paletteActionsOf(side: Side, invitation: Invitation): readonly PaletteAction[] {
  const { id, name, isReady } = invitation;
  return actionsOf(side, invitation).map((action) => ({
    id: `${action}:${id}`,
    scope: action === 'cancel' ? 'handshakes:send' : 'handshakes:respond',
    icon: action === 'accept' ? <CheckIcon /> : <BanIcon />,
    name: isReady && action === 'accept' ? 'Enable all features' : `${PALETTE_WORDS[action]} ${name}`,
    open: () => navigate('/invitations', { side, open: id, action }),
  }));
}

const PALETTE_WORDS = {
  accept: 'Accept invitation from',
  decline: 'Decline invitation from',
  cancel: 'Cancel invitation to',
} as const;
