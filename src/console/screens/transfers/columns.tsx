import type { Column } from '../../components/grid-items.ts';
import { State } from '../../components/state-icon.tsx';
import { Day, TimeLeft } from '../../components/time.tsx';
import { groupedId } from '../../data/text.ts';
import type { Side, Transfer } from './model.ts';
import { TimelineBar, TimelineHeader } from './timeline.tsx';

/** From these widths of the table on, in px, there is room for a column. */
const WIDE = 1100;
const MEDIUM = 760;

export function columnsOf(
  side: Side,
  view: 'table' | 'timeline',
  transfers: readonly Transfer[],
): readonly Column<Transfer>[] {
  const isTable = view === 'table';
  return [
    {
      id: 'customer',
      header: side === 'inbound' ? 'Customer' : 'Payer',
      width: isTable ? 'fill' : 182,
      sortBy: ({ name }) => name.toLowerCase(),
      cell: ({ name }) => <span className="transfer-name truncate">{name}</span>,
    },
    {
      id: 'account',
      header: 'Management account',
      width: 128,
      minTableWidth: isTable ? 600 : WIDE,
      sortBy: ({ accountId }) => accountId,
      cell: ({ accountId }) => (accountId ? groupedId(accountId) : '–'),
    },
    ...(isTable
      ? [
          {
            id: 'email',
            header: 'E-mail',
            width: 260,
            minTableWidth: 960,
            sortBy: ({ email }: Transfer) => email,
            cell: ({ email }: Transfer) => <span className="truncate">{email ?? '–'}</span>,
          },
        ]
      : []),
    {
      id: 'status',
      header: 'Status',
      width: 152,
      cell: (transfer) => <TransferState transfer={transfer} />,
    },
    {
      id: 'starts',
      header: 'Starts',
      width: 80,
      minTableWidth: isTable ? 0 : WIDE,
      sortBy: ({ start }) => start,
      cell: ({ start }) => <Day at={start} />,
    },
    {
      id: 'ends',
      header: isTable ? (
        'Ends'
      ) : (
        <span className="timeline-caption">
          <span>
            Organizations
            <br />
            billed per month
          </span>
          Ends
        </span>
      ),
      width: 84,
      minTableWidth: isTable ? 0 : WIDE,
      cell: ({ end }) => (end ? <Day at={new Date(Date.parse(end) - 1).toISOString()} /> : '–'),
    },
    ...(isTable
      ? [
          {
            id: 'id',
            header: 'Transfer id',
            width: 170,
            minTableWidth: 1080,
            cell: ({ id }: Transfer) => <span className="mono">{id}</span>,
          },
        ]
      : [
          {
            id: 'timeline',
            header: <TimelineHeader transfers={transfers} />,
            width: 'fill' as const,
            minTableWidth: MEDIUM,
            isDecorative: true,
            cell: (transfer: Transfer) => <TimelineBar transfer={transfer} />,
          },
        ]),
  ];
}

/** The state as shape and word; while an answer is awaited, the time left. */
export function TransferState({ transfer: { shape, tone, state, group, expires } }: { readonly transfer: Transfer }) {
  // Gray and green ones are the usual case, and need no color in their words.
  const isPlain = group === 'active';
  return (
    <State shape={shape} tone={tone}>
      {group === 'awaiting' && expires ? (
        <TimeLeft until={expires} />
      ) : (
        <span className={isPlain ? 'plain' : undefined}>{state}</span>
      )}
    </State>
  );
}

/** A transfer on a phone. */
export function TransferCard({ transfer }: { readonly transfer: Transfer }) {
  return (
    <div className="transfer-card">
      <span className="transfer-name truncate">{transfer.name}</span>
      <TransferState transfer={transfer} />
      <span className="muted">{transfer.accountId ? groupedId(transfer.accountId) : transfer.email}</span>
      <span className="muted">
        <Day at={transfer.start} />
        {transfer.end && ' to '}
        {transfer.end && <Day at={new Date(Date.parse(transfer.end) - 1).toISOString()} />}
      </span>
    </div>
  );
}
