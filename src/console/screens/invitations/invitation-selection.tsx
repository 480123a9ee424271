import { lazy, Suspense } from 'react';
import { ActionButton } from '../../actions/action-button.tsx';
import { BanIcon } from '../../actions/icons.tsx';
import { SelectionBar } from '../../actions/selection-bar.tsx';
import { setParams } from '../../data/location.ts';
import { counted } from '../../data/text.ts';
import { useOwnOrganization } from '../../data/viewer.ts';
import { actionsOf } from './actions/rules.ts';
import type { Invitation, Side } from './model.ts';

const CancelSelected = lazy(() =>
  import('../../actions/selection-drawer.tsx').then(({ CancelSelected: drawer }) => ({ default: drawer })),
);

interface SelectionProps {
  readonly side: Side;
  readonly chosen: readonly Invitation[];
}

const canceledOf = ({ side, chosen }: SelectionProps): readonly Invitation[] =>
  chosen.filter((invitation) => actionsOf(side, invitation).includes('cancel'));

/** What can be done with all selected invitations at once. They are answered one by one only. */
export function InvitationSelectionBar({ onClear, ...selection }: SelectionProps & { readonly onClear: () => void }) {
  const canceled = canceledOf(selection).length;
  return (
    <SelectionBar noun="invitation" count={selection.chosen.length} onClear={onClear}>
      {canceled > 0 && (
        <ActionButton
          action="Canceling invitations"
          scope="handshakes:send"
          kind="danger"
          icon={<BanIcon size={14} />}
          onClick={() => setParams({ open: undefined, action: 'cancel-selected' })}
        >
          Cancel {counted(canceled, 'invitation')}
        </ActionButton>
      )}
    </SelectionBar>
  );
}

/** The open form that cancels the selected invitations. */
export function InvitationSelectionDrawer({
  onClose,
  ...selection
}: SelectionProps & { readonly onClose: () => void }) {
  const { name: own } = useOwnOrganization();
  const canceled = canceledOf(selection);
  const hasFeatures = canceled.some(({ kind }) => kind === 'features');
  return (
    <Suspense fallback={null}>
      <CancelSelected noun="invitation" selected={canceled} onClose={onClose}>
        These invitations of {own} can no longer be accepted. You can send them again.
        {hasFeatures && ' With one approval of all features, all others are canceled, too.'}
      </CancelSelected>
    </Suspense>
  );
}
