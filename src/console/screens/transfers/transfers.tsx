import './transfers.css';
import { lazy, Suspense, useCallback, useDeferredValue, useMemo, useState } from 'react';
import { useOpenAction } from '../../actions/use-open-action.ts';
import { FilterField, Segmented } from '../../components/controls.tsx';
import { CopyAs } from '../../components/copy-as.tsx';
import { DataGrid } from '../../components/data-grid.tsx';
import { ExportCsv } from '../../components/export-csv.tsx';
import { FilterMenu } from '../../components/filter-menu.tsx';
import { TableIcon, TimelineIcon } from '../../components/icons.tsx';
import { Page } from '../../components/page.tsx';
import { ListStates, NoMatch } from '../../components/states.tsx';
import { useMedia } from '../../components/use-media.ts';
import { useOpenRow } from '../../components/use-open-row.ts';
import { useNow } from '../../data/clock.ts';
import { setParams, useParam } from '../../data/location.ts';
import { counted, matcher } from '../../data/text.ts';
import { monthName, monthStart } from '../../data/time.ts';
import { useOwnOrganization } from '../../data/viewer.ts';
import { actionsOf } from './actions/rules.ts';
import { columnsOf, TransferCard } from './columns.tsx';
import { csvOf } from './csv.ts';
import { type Grouping, GroupMenu, groupsOf } from './grouping.tsx';
import { InviteButtons } from './invite-buttons.tsx';
import { inboundTransfers, outboundTransfers } from './lists.ts';
import { GROUP_NAMES, GROUPS, isBilledIn, monthKey, type Side, type Transfer } from './model.ts';
import { NoTransfers } from './no-transfers.tsx';
import { useTagFilter } from './tag-filter.tsx';
import { EndPreview, TimelineRange } from './timeline.tsx';
import { Totals } from './totals.tsx';
import { TransferDrawer } from './transfer-drawer.tsx';
import { TransferSelectionBar, TransferSelectionDrawer } from './transfer-selection.tsx';
import { useTransfers } from './use-transfers.ts';

const InviteForm = lazy(() => import('./actions/invite-form.tsx'));
const BulkInvite = lazy(() => import('./bulk/bulk-invite.tsx'));

const NO_TRANSFERS: readonly Transfer[] = [];

const idOf = ({ id }: Transfer) => id;

type View = 'table' | 'timeline';
export default function Transfers() {
  const [sideParam] = useParam('side');
  const side: Side = sideParam === 'outbound' ? 'outbound' : 'inbound';
  const inbound = useTransfers('inbound');
  const outbound = useTransfers('outbound');
  const { list, transfers } = side === 'inbound' ? inbound : outbound;
  const [typed = '', setTyped] = useParam('q');
  const [status, setStatus] = useParam('status');
  const [billed, setBilled] = useParam('billed');
  const [tag, setTag] = useParam('tag');
  const tags = useTagFilter(side === 'inbound' ? tag : undefined, setTag);
  const [viewParam, setView] = useParam('view');
  const [groupParam, setGroup] = useParam('group');
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  // A narrow page has no room for months.
  const hasRoom = useMedia('(min-width: 1024px)');
  const view: View = viewParam === 'table' || !hasRoom ? 'table' : 'timeline';
  const grouping: Grouping = groupParam === 'month' || groupParam === 'none' ? groupParam : 'status';
  const { isMember } = useOwnOrganization();
  const now = useNow();

  const text = useDeferredValue(typed);
  const rows = useMemo(() => {
    const matches = matcher(text);
    const month = billed === undefined ? undefined : new Date(`${billed}-01T00:00:00Z`);
    return transfers.filter(
      (transfer) =>
        (status === undefined || transfer.group === status) &&
        (month === undefined || isBilledIn(transfer, month)) &&
        (tags.ids === undefined || tags.ids.has(transfer.id)) &&
        matches(transfer.name, transfer.email, transfer.accountId, transfer.id),
    );
  }, [transfers, text, status, billed, tags.ids]);

  // Their headers have totals, which are not known while rows arrive.
  const groups = useMemo(
    () => (list.isReady ? groupsOf(grouping, rows, side, now) : undefined),
    [list.isReady, grouping, rows, side, now],
  );
  const groupOf = useMemo(
    () => (grouping === 'month' ? (row: Transfer) => row.start?.slice(0, 7) ?? '' : ({ group }: Transfer) => group),
    [grouping],
  );
  const columns = useMemo(
    () => columnsOf(side, view, list.isReady ? transfers : NO_TRANSFERS),
    [side, view, list.isReady, transfers],
  );

  const order = useMemo(
    () => groups?.flatMap(({ id }) => rows.filter((row) => groupOf(row) === id)) ?? rows,
    [groups, groupOf, rows],
  );
  const { openId, open, onOpen, moves } = useOpenRow(transfers, order);
  const { action, filled, closeAction } = useOpenAction('transfers');
  const isInviting = action === 'invite' && isMember;
  const selectionAction = action === 'cancel-selected' || action === 'tag-selected' ? action : undefined;
  const hasDrawer = open !== undefined || isInviting || selectionAction !== undefined;
  const [preview, setPreview] = useState<{ readonly id: string; readonly end: string }>();
  const onPreview = useCallback(
    (end: string | undefined) =>
      setPreview(end === undefined || openId === undefined ? undefined : { id: openId, end }),
    [openId],
  );
  /** R renames the row that has the focus. */
  const onRowKey = (key: string, row: Transfer) => {
    if (key !== 'r' || !actionsOf(side, row).includes('rename')) return false;
    setParams({ open: row.id, action: 'rename' });
    return true;
  };
  const clear = () =>
    setParams({ q: undefined, status: undefined, billed: undefined, tag: undefined }, { replace: true });
  const chosen = rows.filter(({ id }) => selected.has(id));
  const months = Array.from({ length: 9 }, (_, index) => monthStart(now, index - 5));

  if (action === 'invite-csv' && isMember) {
    return (
      <Suspense fallback={null}>
        <BulkInvite list={inbound.list} transfers={inbound.transfers} onClose={closeAction} />
      </Suspense>
    );
  }
  return (
    <Page
      title="Transfers"
      beside={
        <Segmented
          label="Side"
          kind="tabs"
          value={side}
          options={[
            { value: 'inbound', label: 'Inbound', count: inbound.list.isReady ? inbound.transfers.length : undefined },
            {
              value: 'outbound',
              label: 'Outbound',
              count: outbound.list.isReady ? outbound.transfers.length : undefined,
            },
          ]}
          onChange={(next) =>
            setParams({
              side: next === 'inbound' ? undefined : next,
              status: undefined,
              billed: undefined,
              open: undefined,
            })
          }
        />
      }
      actions={
        <>
          {!hasDrawer && (
            <CopyAs
              document={(side === 'inbound' ? inboundTransfers : outboundTransfers).document}
              aws={[`aws organizations list-${side}-responsibility-transfers --type BILLING`]}
            />
          )}
          <ExportCsv
            name={`transfers-${side}`}
            rowsOf={() => csvOf(chosen.length > 0 ? chosen : rows)}
            selected={chosen.length}
            isComplete={list.isReady}
          />
          {side === 'inbound' && isMember && <InviteButtons />}
        </>
      }
      drawer={
        isInviting ? (
          <Suspense fallback={null}>
            <InviteForm transfers={inbound.transfers} filled={filled} onClose={closeAction} />
          </Suspense>
        ) : selectionAction !== undefined ? (
          <TransferSelectionDrawer
            key={selectionAction}
            action={selectionAction}
            side={side}
            chosen={chosen}
            onClose={closeAction}
          />
        ) : (
          open && <TransferDrawer key={open.id} side={side} transfer={open} onPreview={onPreview} {...moves} />
        )
      }
    >
      <ListStates title="The transfers cannot be read" list={list} isMember={isMember}>
        {transfers.length === 0 ? (
          <NoTransfers side={side} />
        ) : (
          <EndPreview value={preview}>
            <TimelineRange>
              {!hasDrawer && list.isReady && (
                <Totals
                  side={side}
                  transfers={transfers}
                  filter={{ status, billed }}
                  onFilter={(filter) =>
                    setParams({ status: undefined, billed: undefined, ...filter }, { replace: true })
                  }
                />
              )}
              <div className="page-toolbar">
                <FilterField
                  label="Filter transfers"
                  placeholder={!hasDrawer ? 'Name, e-mail, account or transfer id' : 'Filter transfers'}
                  value={typed}
                  onChange={setTyped}
                />
                <FilterMenu
                  name="Status"
                  value={status}
                  options={GROUPS.map((value) => ({ value, label: GROUP_NAMES[value] }))}
                  onChange={setStatus}
                />
                <FilterMenu
                  name="Billed in"
                  any="Any month"
                  value={billed}
                  options={months.map((month) => ({
                    value: monthKey(month),
                    label: `${monthName(month.getUTCMonth())} ${month.getUTCFullYear()}`,
                  }))}
                  onChange={setBilled}
                />
                {side === 'inbound' && <span className="wide-page">{tags.menu}</span>}
                <span className="spacer muted">{list.isReady && counted(rows.length, 'transfer')}</span>
                <span className="wide-page">
                  <Segmented
                    label="View"
                    isSmall
                    value={view}
                    options={[
                      {
                        value: 'table',
                        label: (
                          <>
                            <TableIcon size={14} /> Table
                          </>
                        ),
                      },
                      {
                        value: 'timeline',
                        label: (
                          <>
                            <TimelineIcon size={14} /> Timeline
                          </>
                        ),
                      },
                    ]}
                    onChange={(next) => setView(next === 'timeline' ? undefined : next)}
                  />
                </span>
                <span className="wide-page">
                  <GroupMenu value={grouping} onChange={(next) => setGroup(next === 'status' ? undefined : next)} />
                </span>
              </div>
              {chosen.length > 0 && (
                <TransferSelectionBar side={side} chosen={chosen} onClear={() => setSelected(new Set())} />
              )}
              <DataGrid
                label={side === 'inbound' ? 'Inbound transfers' : 'Outbound transfers'}
                columns={columns}
                rows={rows}
                idOf={idOf}
                {...(groups && { groups, groupOf })}
                openId={openId}
                onOpen={onOpen}
                selection={{ ids: selected, onChange: setSelected }}
                onRowKey={onRowKey}
                changed={list.changed}
                card={(transfer) => <TransferCard transfer={transfer} />}
                cardHeight={64}
                headerHeight={view === 'timeline' ? 64 : 32}
                layout={JSON.stringify([side, text, status, billed, tag, grouping])}
                empty={<NoMatch noun="transfer" onClear={clear} />}
              />
            </TimelineRange>
          </EndPreview>
        )}
      </ListStates>
    </Page>
  );
}
