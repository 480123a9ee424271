import { ActionButton } from '../../actions/action-button.tsx';
import { PlusIcon, UploadIcon } from '../../actions/icons.tsx';
import { setParams } from '../../data/location.ts';
import { useSession } from '../../data/session.tsx';
import { useStore } from '../../data/store.ts';
import { runOf } from './bulk/run.ts';

/** Opens the form that invites one customer, or the page that invites many. `N` presses the first. */
export function InviteButtons() {
  const run = useStore(runOf(useSession()));
  const show = (action: string) => () => setParams({ open: undefined, action });
  return (
    <>
      <ActionButton
        action="Inviting customers"
        scope="handshakes:send"
        icon={<UploadIcon size={14} />}
        onClick={show('invite-csv')}
      >
        {run === undefined ? 'Invite from CSV' : 'Invitations of the file'}
      </ActionButton>
      <ActionButton
        action="Inviting a customer"
        scope="handshakes:send"
        kind="primary"
        letter="n"
        icon={<PlusIcon size={14} />}
        onClick={show('invite')}
      >
        Invite
      </ActionButton>
    </>
  );
}
