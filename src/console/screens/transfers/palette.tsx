import { TransferIcon } from '../../components/icons.tsx';
import { navigate } from '../../data/location.ts';
import { matcher } from '../../data/text.ts';
import type { PaletteItem } from '../../shell/screen.ts';
import { useTransfers } from './use-transfers.ts';

/** Transfers by name, e-mail address or id. */
export function useTransferItems(typed: string): readonly PaletteItem[] {
  const { transfers } = useTransfers('inbound');
  if (typed.trim() === '') return [];
  const matches = matcher(typed);
  return transfers
    .filter(({ id, name, email, accountId }) => matches(name, email, accountId, id))
    .map(({ id, name, state }) => ({
      id,
      icon: <TransferIcon />,
      name,
      note: `Transfer, ${state.toLowerCase()}`,
      open: () => navigate('/transfers', { open: id }),
    }));
}
