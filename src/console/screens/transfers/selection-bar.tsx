import { ActionButton } from '../../actions/action-button.tsx';
import { BanIcon } from '../../actions/icons.tsx';
import { TagIcon } from '../../components/icons.tsx';
import { setParams } from '../../data/location.ts';
import { counted } from '../../data/text.ts';
import { actionsOf } from './actions/rules.ts';
import type { SelectionAction } from './actions/selection-drawer.tsx';
import type { Side, Transfer } from './model.ts';

/** Those of the selected transfers that an action concerns. */
export const concernedBy = (action: SelectionAction, side: Side, chosen: readonly Transfer[]): readonly Transfer[] =>
  chosen.filter((transfer) => actionsOf(side, transfer).includes(action === 'cancel-selected' ? 'cancel' : 'tags'));

interface SelectionBarProps {
  readonly side: Side;
  readonly chosen: readonly Transfer[];
  readonly onClear: () => void;
}

/** What can be done with all selected rows at once. Transfers are ended one by one only. */
export function SelectionBar({ side, chosen, onClear }: SelectionBarProps) {
  const canceled = concernedBy('cancel-selected', side, chosen).length;
  const tagged = concernedBy('tag-selected', side, chosen).length;
  const show = (action: SelectionAction) => () => setParams({ open: undefined, action });
  return (
    <div className="selection-bar" role="toolbar" aria-label="Selected transfers">
      <b>{counted(chosen.length, 'transfer')} selected</b>
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
      <button type="button" className="button button-plain" onClick={onClear}>
        Clear selection
      </button>
    </div>
  );
}
