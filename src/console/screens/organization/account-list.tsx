import type { ReactNode } from 'react';
import { DataGrid } from '../../components/data-grid.tsx';
import type { Column } from '../../components/grid-items.ts';
import { type AccountNode, unitPath } from '../../data/organization/tree.ts';
import { groupedId } from '../../data/text.ts';
import { AccountState } from './account-state.tsx';

interface AccountListProps {
  readonly accounts: readonly AccountNode[];
  readonly openId: string | undefined;
  readonly onOpen: (id: string) => void;
  readonly changed: ReadonlySet<string>;
  readonly layout: string;
  readonly empty: ReactNode;
}

const COLUMNS: readonly Column<AccountNode>[] = [
  {
    id: 'name',
    header: 'Name',
    width: 'fill',
    sortBy: ({ name }) => name.toLowerCase(),
    cell: ({ name }) => <span className="account-name truncate">{name}</span>,
  },
  {
    id: 'unit',
    header: 'Unit',
    width: 170,
    minTableWidth: 520,
    sortBy: (account) => unitPath(account).toLowerCase(),
    cell: (account) => (
      <span className="truncate" title={unitPath(account)}>
        {account.parent.name}
      </span>
    ),
  },
  {
    id: 'state',
    header: 'State',
    width: 90,
    sortBy: ({ row }) => row.stateRaw ?? '',
    cell: ({ row }) => <AccountState row={row} />,
  },
  {
    id: 'id',
    header: 'Account id',
    width: 116,
    align: 'end',
    sortBy: ({ id }) => id,
    cell: ({ id }) => groupedId(id),
  },
];

/** The same accounts as in the tree, as a table that can be sorted. */
export function AccountList({ accounts, openId, onOpen, changed, layout, empty }: AccountListProps) {
  return (
    <DataGrid
      label="Accounts"
      columns={COLUMNS}
      rows={accounts}
      idOf={idOf}
      openId={openId}
      onOpen={({ id }) => onOpen(id)}
      changed={changed}
      card={(account) => (
        <div className="account-card">
          <span className="account-name truncate">{account.name}</span>
          <AccountState row={account.row} />
          <span className="muted truncate">{unitPath(account) || account.parent.name}</span>
          <span className="muted">{groupedId(account.id)}</span>
        </div>
      )}
      cardHeight={64}
      layout={layout}
      empty={empty}
    />
  );
}

const idOf = ({ id }: AccountNode) => id;
