import { useMemo, useState } from 'react';
import { Segmented } from '../../../components/controls.tsx';
import { DataGrid } from '../../../components/data-grid.tsx';
import type { Column } from '../../../components/grid-items.ts';
import { TransferIcon } from '../../../components/icons.tsx';
import { State } from '../../../components/state-icon.tsx';
import { Empty } from '../../../components/states.tsx';
import { useNow } from '../../../data/clock.ts';
import { groupedId } from '../../../data/text.ts';
import { startLabel } from './check.ts';
import type { ResultGroup, ResultRow } from './result-rows.tsx';

const idOf = ({ checked }: ResultRow) => String(checked.number);

type Tab = 'all' | ResultGroup;

const TAB_NAMES: Readonly<Record<Tab, string>> = {
  all: 'All',
  ready: 'Ready',
  invited: 'Invited',
  attention: 'Needs attention',
  waiting: 'Waiting',
};

/** Letters of a line of the column "Result" where it is narrow. A longer text needs more lines. */
const LETTERS = 30;
const CODE_LETTERS = 26;
const LINE = 18;

const linesOf = ({ result, code = '' }: ResultRow): number =>
  (typeof result === 'string' ? Math.max(1, Math.ceil(result.length / LETTERS)) : 1) +
  Math.ceil(code.length / CODE_LETTERS);
const heightOf = (row: ResultRow): number => Math.max(34, linesOf(row) * LINE + 14);

interface ResultsTableProps {
  readonly rows: readonly ResultRow[];
  readonly tabs: readonly ResultGroup[];
  /** At the right of the tabs. */
  readonly children?: React.ReactNode;
}

/** The rows of the file, each with its result. */
export function ResultsTable({ rows, tabs, children }: ResultsTableProps) {
  const [tab, setTab] = useState<Tab>('all');
  const now = useNow();
  const shown = useMemo(() => rows.filter(({ group }) => tab === 'all' || group === tab), [rows, tab]);
  const columns = useMemo(
    (): readonly Column<ResultRow>[] => [
      { id: 'row', header: 'Row', width: 48, cell: ({ checked }) => checked.number },
      {
        id: 'customer',
        header: 'Customer',
        width: 150,
        cell: ({ checked }) => <span className="transfer-name truncate">{checked.name || '–'}</span>,
      },
      {
        id: 'account',
        header: 'Account or e-mail',
        width: 222,
        minTableWidth: 760,
        cell: ({ checked }) => <span className="truncate">{groupedId(checked.account) || '–'}</span>,
      },
      { id: 'starts', header: 'Starts', width: 92, cell: ({ checked }) => startLabel(checked, now) },
      {
        id: 'state',
        header: 'State',
        width: 128,
        cell: ({ shape, tone, state }) => (
          <State shape={shape} tone={tone}>
            {state}
          </State>
        ),
      },
      {
        id: 'result',
        header: 'Result',
        width: 'fill',
        cell: (row) => <Result row={row} />,
      },
    ],
    [now],
  );
  return (
    <>
      <div className="bulk-tabs">
        <Segmented
          label="Rows"
          value={tab}
          options={(['all', ...tabs] as const).map((value) => ({
            value,
            label: TAB_NAMES[value],
            count: value === 'all' ? rows.length : rows.filter(({ group }) => group === value).length,
          }))}
          onChange={setTab}
        />
        {children}
      </div>
      <DataGrid
        label="Rows of the file"
        columns={columns}
        rows={shown}
        idOf={idOf}
        openId={undefined}
        card={(row) => <ResultCard row={row} />}
        cardHeight={(row) => 44 + linesOf(row) * LINE}
        rowHeight={heightOf}
        layout={tab}
        empty={<Empty icon={<TransferIcon size={20} />} title="No such row" />}
      />
    </>
  );
}

function Result({ row: { result, code } }: { readonly row: ResultRow }) {
  return (
    <div className="bulk-result">
      {result}
      {code && <span className="bulk-code">{code}</span>}
    </div>
  );
}

/** A row on a phone. */
function ResultCard({ row }: { readonly row: ResultRow }) {
  return (
    <div className="transfer-card">
      <span className="transfer-name truncate">
        {row.checked.number} {row.checked.name || '–'}
      </span>
      <State shape={row.shape} tone={row.tone}>
        {row.state}
      </State>
      <div className="bulk-card-result">
        <Result row={row} />
      </div>
    </div>
  );
}
