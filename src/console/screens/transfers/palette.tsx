import { PencilIcon, StopIcon } from '../../actions/icons.tsx';
import { copyText } from '../../components/controls.tsx';
import { CopyIcon, TransferIcon } from '../../components/icons.tsx';
import { navigate } from '../../data/location.ts';
import { groupedId, matcher } from '../../data/text.ts';
import type { PaletteAction, PaletteItem } from '../../shell/screen.ts';
import { actionsOf } from './actions/rules.ts';
import type { Transfer } from './model.ts';
import { useTransfers } from './use-transfers.ts';

/** Transfers by name, e-mail address or id. */
export function useTransferItems(typed: string): readonly PaletteItem[] {
  const { transfers } = useTransfers('inbound');
  if (typed.trim() === '') return [];
  const matches = matcher(typed);
  return transfers
    .filter(({ id, name, email, accountId }) => matches(name, email, accountId, id))
    .map((transfer) => ({ ...transfer, actions: paletteActionsOf(transfer) }))
    .map(({ id, name, state, actions }) => ({
      id,
      actions,
      icon: <TransferIcon />,
      name,
      note: `Transfer, ${state.toLowerCase()}`,
      open: () => navigate('/transfers', { open: id }),
    }));
}

/** What can be done with a transfer. A form opens; nothing is sent. */
function paletteActionsOf(transfer: Transfer): readonly PaletteAction[] {
  const { id, name, accountId } = transfer;
  const possible = actionsOf('inbound', transfer);
  const opens = (action: string) => () => navigate('/transfers', { open: id, action });
  return [
    ...(possible.includes('end')
      ? [
          {
            id: `end:${id}`,
            icon: <StopIcon />,
            name: `End transfer of ${name}`,
            scope: 'transfers:manage' as const,
            open: opens('end'),
          },
        ]
      : []),
    ...(possible.includes('rename')
      ? [
          {
            id: `rename:${id}`,
            icon: <PencilIcon />,
            name: `Rename ${name}`,
            scope: 'transfers:manage' as const,
            letter: 'r',
            open: opens('rename'),
          },
        ]
      : []),
    ...(accountId === undefined
      ? []
      : [
          {
            id: `copy:${id}`,
            icon: <CopyIcon />,
            name: `Copy account id ${groupedId(accountId)}`,
            open: () => copyText(accountId, 'account id'),
          },
        ]),
  ];
}
