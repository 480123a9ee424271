import { lazy, Suspense } from 'react';
import { ActionButton } from '../../actions/action-button.tsx';
import type { FormOf } from '../../actions/forms.ts';
import { BanIcon } from '../../actions/icons.tsx';
import { SelectionBar } from '../../actions/selection-bar.tsx';
import { TagIcon } from '../../components/icons.tsx';
import { setParams } from '../../data/location.ts';
import { counted } from '../../data/text.ts';
import { useOwnOrganization } from '../../data/viewer.ts';
import { actionsOf } from './actions/rules.ts';
import type { Side, Transfer } from './model.ts';

const drawers = () => import('../../actions/selection-drawer.tsx');
const CancelSelected = lazy(() => drawers().then(({ CancelSelected: drawer }) => ({ default: drawer })));
const TagSelected = lazy(() => drawers().then(({ TagSelected: drawer }) => ({ default: drawer })));

/** The actions on several transfers. Transfers are ended one by one only. */
type SelectionAction = Extract<FormOf<'transfers'>, `${string}-selected`>;

/** Those of the selected transfers that an action concerns. */
const concernedBy = (action: SelectionAction, side: Side, chosen: readonly Transfer[]): readonly Transfer[] =>
  chosen.filter((transfer) => actionsOf(side, transfer).includes(action === 'cancel-selected' ? 'cancel' : 'tags'));

interface SelectionProps {
  readonly side: Side;
  readonly chosen: readonly Transfer[];
}

/** What can be done with all selected transfers at once. */
export function TransferSelectionBar({ side, chosen, onClear }: SelectionProps & { readonly onClear: () => void }) {
  const canceled = concernedBy('cancel-selected', side, chosen).length;
  const tagged = concernedBy('tag-selected', side, chosen).length;
  const show = (action: SelectionAction) => () => setParams({ open: undefined, action });
  return (
    <SelectionBar noun="transfer" count={chosen.length} onClear={onClear}>
      {canceled > 0 && (
        <ActionButton
          action="Canceling invitations"
          scope="handshakes:send"
          kind="danger"
          icon={<BanIcon size={14} />}
          onClick={show('cancel-selected')}
        >
          Cancel {counted(canceled, 'invitation')}
        </ActionButton>
      )}
      {tagged > 0 && (
        <ActionButton
          action="Changing tags"
          scope="organization:write"
          icon={<TagIcon size={14} />}
          onClick={show('tag-selected')}
        >
          Tag {counted(tagged, 'transfer')}
        </ActionButton>
      )}
    </SelectionBar>
  );
}

interface DrawerProps extends SelectionProps {
  readonly action: SelectionAction;
  readonly onClose: () => void;
}

/** The open form about the selected transfers. */
export function TransferSelectionDrawer({ action, side, chosen, onClose }: DrawerProps) {
  const { name: own } = useOwnOrganization();
  const concerned = concernedBy(action, side, chosen);
  return (
    <Suspense fallback={null}>
      {action === 'cancel-selected' ? (
        <CancelSelected
          noun="invitation"
          selected={concerned.map(({ handshakeId = '', name }) => ({ id: handshakeId, name }))}
          onClose={onClose}
        >
          These customers can no longer accept that {own} pays their AWS bill. You can invite them again.
        </CancelSelected>
      ) : (
        <TagSelected noun="transfer" selected={concerned} onClose={onClose}>
          These transfers of {own} get the tags. A tag with the same key gets the new value; other tags stay.
        </TagSelected>
      )}
    </Suspense>
  );
}
