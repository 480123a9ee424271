import { lazy, Suspense } from 'react';
import { ActionButton } from '../../actions/action-button.tsx';
import { UserMinusIcon } from '../../actions/icons.tsx';
import { useOpenAction } from '../../actions/use-open-action.ts';
import { NetworkIcon } from '../../components/icons.tsx';
import { Empty } from '../../components/states.tsx';
import { groupedId } from '../../data/text.ts';
import { useViewer } from '../../data/viewer.ts';

const LeaveForm = lazy(() => import('./actions/account-forms.tsx').then(({ LeaveForm: form }) => ({ default: form })));

/** For a member account that may not list the accounts: whose organization it is in, and the one thing that it can do. */
export function MemberAccount({ managementAccountId }: { readonly managementAccountId: string }) {
  const name = useViewer().data?.viewer.principal.name ?? 'this principal';
  const { action, openAction, closeAction } = useOpenAction('organization');
  return (
    <>
      <Empty
        icon={<NetworkIcon size={20} />}
        title={`“${name}” is a member account`}
        actions={
          <ActionButton
            action="Leaving an organization"
            scope="organization:write"
            kind="danger"
            icon={<UserMinusIcon />}
            isOpen={action === 'leave'}
            onClick={() => openAction('leave')}
          >
            Leave the organization
          </ActionButton>
        }
      >
        Only the management account, {groupedId(managementAccountId)}, and delegated administrators see the accounts and
        units of its organization. Only the management account changes them.
      </Empty>
      {action === 'leave' && (
        <Suspense fallback={null}>
          <div className="member-leave">
            <LeaveForm name={name} organizationName={undefined} onClose={closeAction} />
          </div>
        </Suspense>
      )}
    </>
  );
}
