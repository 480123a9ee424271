import { MoveIcon } from '../../actions/icons.tsx';
import { BoxIcon, TagIcon } from '../../components/icons.tsx';
import { useGatewayStatus } from '../../data/gateway-status.ts';
import { navigate } from '../../data/location.ts';
import { groupedId } from '../../data/text.ts';
import { useQuery } from '../../data/use-query.ts';
import type { PaletteItem } from '../../shell/screen.ts';
import { useOwnAccount } from './actions/use-own-account.ts';
import { FindInOrganizationDocument } from './organization.generated.ts';

/** Accounts of this age are good enough to find one. In seconds. */
const MAX_AGE = 86_400;

/** Accounts in the palette. Only with the copy of the organization: without it, each letter would read all accounts. */
export function useAccountItems(typed: string): readonly PaletteItem[] {
  const { lock } = useOwnAccount();
  const isKept = Boolean(useGatewayStatus()?.inventory);
  const wanted = typed.trim();
  const text = /^[\d\s]+$/.test(wanted) ? wanted.replace(/\s/g, '') : wanted;
  const { data } = useQuery(FindInOrganizationDocument, isKept && text.length > 1 ? { text } : undefined, {
    maxAge: MAX_AGE,
  });
  return (data?.organization?.accounts?.nodes ?? []).map(({ id, name, email }) => ({
    id: `account-${id}`,
    icon: <BoxIcon />,
    name: name || email || id,
    note: `Account, ${groupedId(id)}`,
    open: () => navigate('/organization', { open: id }),
    actions: [
      {
        id: `move-${id}`,
        icon: <MoveIcon />,
        name: `Move ${name || email || id}`,
        scope: 'organization:write',
        lock,
        letter: 'm',
        open: () => navigate('/organization', { open: id, action: 'move' }),
      },
      {
        id: `tags-${id}`,
        icon: <TagIcon />,
        name: `Tags of ${name || email || id}`,
        scope: 'organization:write',
        open: () => navigate('/organization', { open: id, action: 'tags' }),
      },
    ],
  }));
}
