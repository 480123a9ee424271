import { ActionButton } from '../../actions/action-button.tsx';
import { PlusIcon } from '../../actions/icons.tsx';
import { setParams } from '../../data/location.ts';

/** Opens the form that invites one customer. `N` presses it. */
export function InviteButtons() {
  return (
    <ActionButton
      action="Inviting a customer"
      scope="handshakes:send"
      kind="primary"
      letter="n"
      icon={<PlusIcon size={14} />}
      onClick={() => setParams({ open: undefined, action: 'invite' })}
    >
      Invite
    </ActionButton>
  );
}
