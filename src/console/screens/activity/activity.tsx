import './activity.css';
import { type UIEvent, useDeferredValue, useMemo, useRef, useState } from 'react';
import { FilterField } from '../../components/controls.tsx';
import { CopyAs } from '../../components/copy-as.tsx';
import { DataGrid } from '../../components/data-grid.tsx';
import { ExportCsv } from '../../components/export-csv.tsx';
import { ActivityIcon } from '../../components/icons.tsx';
import { Page } from '../../components/page.tsx';
import { Empty, Failure, NoMatch, Skeleton } from '../../components/states.tsx';
import { useOpenRow } from '../../components/use-open-row.ts';
import { useMachineNow } from '../../data/clock.ts';
import { setParams, useParam } from '../../data/location.ts';
import { useSession } from '../../data/session.tsx';
import { useStore } from '../../data/store.ts';
import { counted } from '../../data/text.ts';
import { utcDay, utcMoment } from '../../data/time.ts';
import { HistoryDocument, type HistoryFilter } from './activity.generated.ts';
import { toBins } from './bins.ts';
import { ChangeDrawer } from './change-drawer.tsx';
import { ActivityChart } from './chart.tsx';
import { ActivityCard, type ActivityRow, columns } from './columns.tsx';
import { describe, sourceOf } from './describe.ts';
import { ByMenu, KindChips, sourceFilter } from './filters.tsx';
import { type ActivityHistory, useHistory } from './history.ts';
import { isKind, KINDS } from './kinds.tsx';
import { useNames } from './use-names.ts';

const idOf = ({ id }: ActivityRow) => id;
const dayKey = ({ change }: ActivityRow) => change.observedAt.slice(0, 10);

/** Shows the changes of the organization, the newest first, live. */
export default function Activity() {
  const [typed = '', setTyped] = useParam('q');
  const [kind] = useParam('kind');
  const [by] = useParam('by');
  const text = useDeferredValue(typed.trim());
  const filter = useMemo<HistoryFilter>(
    () => ({ ...(text && { text }), ...(isKind(kind) && { types: [...KINDS[kind].types] }), ...sourceFilter(by) }),
    [text, kind, by],
  );
  const history = useHistory(filter);
  const shown = useShown(history);
  const { changes } = shown;
  const names = useNames(changes);
  const now = useMachineNow(60_000);
  const all = useMemo(
    () => changes.map((change): ActivityRow => ({ id: change.id, change, words: describe(change, names, now) })),
    [changes, names, now],
  );
  const bins = useMemo(
    () =>
      toBins(
        changes.map(({ observedAt }) => Date.parse(observedAt)),
        now,
      ),
    [changes, now],
  );
  const [since] = useParam('since');
  const [until] = useParam('until');
  const range = useMemo(() => {
    const from = Date.parse(since ?? '');
    if (Number.isNaN(from)) return undefined;
    const last = bins.counts.length - 1;
    const binOf = (time: number) => Math.max(0, Math.min(last, Math.floor((time - bins.start) / bins.step)));
    const to = Date.parse(until ?? '');
    return { from: binOf(from), to: Number.isNaN(to) ? last : Math.max(binOf(from), binOf(to - 1)) };
  }, [since, until, bins]);
  const rows = useMemo(() => {
    if (range === undefined) return all;
    const start = bins.start + range.from * bins.step;
    // The last bar has what came since the clock ticked, too.
    const end =
      range.to === bins.counts.length - 1 ? Number.POSITIVE_INFINITY : bins.start + (range.to + 1) * bins.step;
    return all.filter(({ change }) => {
      const time = Date.parse(change.observedAt);
      return time >= start && time < end;
    });
  }, [all, range, bins]);

  const { openId, open, onOpen, moves } = useOpenRow(all, rows);
  const clear = () =>
    setParams({ q: undefined, kind: undefined, by: undefined, since: undefined, until: undefined }, { replace: true });
  const groups = useMemo(() => groupsOf(rows, now), [rows, now]);
  const isFiltered = Object.keys(filter).length > 0;

  return (
    <Page
      title="Activity"
      beside={<Following />}
      actions={
        <>
          <CopyAs
            document={String(HistoryDocument)}
            variables={{ first: 100, filter }}
            aws="AWS Organizations keeps no history. CloudTrail has the calls of the last 90 days."
          />
          <ExportCsv name="activity" rowsOf={() => csvOf(rows)} />
        </>
      }
      drawer={open && <ChangeDrawer key={open.id} row={open} names={names} {...moves} />}
    >
      {history.error ? (
        <Failure title="The history cannot be read" error={history.error} onRetry={history.retry} />
      ) : !history.isReady ? (
        <Skeleton />
      ) : !history.isKept ? (
        <NotKept />
      ) : (
        <>
          <div className="page-toolbar activity-toolbar">
            <FilterField label="Filter changes" placeholder="Name or id" value={typed} onChange={setTyped} />
            <KindChips />
            <ByMenu changes={changes} />
          </div>
          {changes.length === 0 && !isFiltered ? (
            <Empty icon={<ActivityIcon size={20} />} title="Nothing has changed yet">
              Changes of accounts, policies, invitations and transfers would be here, from when the gateway first read
              the organization.
            </Empty>
          ) : (
            <>
              <ActivityChart
                bins={bins}
                range={range}
                now={now}
                shown={rows.length}
                total={all.length}
                onRange={(next) =>
                  setParams(
                    {
                      since: next && new Date(bins.start + next.from * bins.step).toISOString(),
                      until:
                        next && next.to < bins.counts.length - 1
                          ? new Date(bins.start + (next.to + 1) * bins.step).toISOString()
                          : undefined,
                    },
                    { replace: true },
                  )
                }
              />
              <div className="activity-list" onScrollCapture={shown.onScroll}>
                {shown.waiting > 0 && (
                  <button type="button" className="button button-primary activity-new" onClick={shown.show}>
                    {shown.waiting} new
                  </button>
                )}
                <DataGrid
                  label="Changes"
                  columns={columns}
                  rows={rows}
                  idOf={idOf}
                  groups={groups}
                  groupOf={dayKey}
                  openId={openId}
                  onOpen={onOpen}
                  changed={history.fresh}
                  card={(row) => <ActivityCard row={row} />}
                  cardHeight={64}
                  headerHeight={0}
                  layout={JSON.stringify([filter, since, until])}
                  empty={<NoMatch noun="change" onClear={clear} />}
                />
              </div>
              <Foot history={history} now={now} />
            </>
          )}
        </>
      )}
    </Page>
  );
}

/** From this offset, in px, the list is scrolled down: new rows on top would move what is read. */
const SCROLLED = 40;

/** The changes that are shown: newer ones wait while the list is scrolled down. */
function useShown({ changes }: ActivityHistory) {
  const [newest, setNewest] = useState<string>();
  const scroller = useRef<HTMLElement>(undefined);
  const at =
    newest === undefined
      ? 0
      : Math.max(
          0,
          changes.findIndex(({ id }) => id === newest),
        );
  return {
    changes: useMemo(() => (at === 0 ? changes : changes.slice(at)), [changes, at]),
    waiting: at,
    show: () => {
      setNewest(undefined);
      scroller.current?.scrollTo({ top: 0 });
    },
    onScroll: ({ target }: UIEvent) => {
      scroller.current = target as HTMLElement;
      const isDown = scroller.current.scrollTop > SCROLLED;
      if (isDown !== (newest !== undefined)) setNewest(isDown ? changes[0]?.id : undefined);
    },
  };
}

function Following() {
  const { connection } = useSession();
  const isLive = useStore(connection.state).name === 'live';
  return (
    <span className="activity-live" data-tone={isLive ? 'green' : 'amber'}>
      {isLive ? 'Following' : 'Not following'}
    </span>
  );
}

function NotKept() {
  return (
    <Empty icon={<ActivityIcon size={20} />} title="The history is not kept">
      The gateway has the changes of organizations that the setting “inventory” names. The operator can add this
      principal.
    </Empty>
  );
}

/** Says how far back the list goes, and how many gaps it has. */
function Foot({ history, now }: { readonly history: ActivityHistory; readonly now: Date }) {
  const oldest = history.changes.at(-1);
  return (
    <div className="activity-foot">
      <span>
        {oldest && `Back to ${utcMoment(new Date(oldest.observedAt), now)} UTC. `}
        {history.hasOlder ? 'There are older changes.' : 'No older change is kept.'}
        {history.gaps.length > 0 && ` ${counted(history.gaps.length, 'gap')}: some changes were not seen.`}
      </span>
      {history.hasOlder && (
        <button type="button" className="button" disabled={history.isReading} onClick={history.readOlder}>
          Read older
        </button>
      )}
    </div>
  );
}

function groupsOf(rows: readonly ActivityRow[], now: Date) {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(dayKey(row), (counts.get(dayKey(row)) ?? 0) + 1);
  const today = now.toISOString().slice(0, 10);
  return [...counts].map(([id, count]) => ({
    id,
    header: (
      <span className="activity-day">
        <b>
          {id === today && 'Today, '}
          {utcDay(new Date(`${id}T00:00:00Z`), now, { weekday: true })}
        </b>
        {counted(count, 'change')}
      </span>
    ),
  }));
}

const CSV_HEADER = ['observedAt', 'type', 'kind', 'objectId', 'object', 'change', 'before', 'after', 'by', 'requestId'];

const csvOf = (rows: readonly ActivityRow[]) => [
  CSV_HEADER,
  ...rows.map(({ change, words: { subject, verb, before, after } }) => [
    ...[change.observedAt, change.type, change.kind, change.objectId, subject, verb, before?.text, after?.text],
    ...[sourceOf(change), change.requestId],
  ]),
];
