import type { Tone } from '../../components/state-icon.tsx';
import { useMachineNow } from '../../data/clock.ts';
import type { GatewayStatus } from '../../data/gateway-status.ts';
import { counted } from '../../data/text.ts';
import { ago, short } from './ages.ts';
import { type InventoryList, lifetimeLeft, percent, withNextRead } from './model.ts';
import { listName } from './names.ts';
import { Card, type StatusRow, StatusTable } from './table.tsx';

/** The lists that are kept: how old they are, and when they are read again. */
export function InventoryCard({ inventory, pollers }: Pick<GatewayStatus, 'inventory' | 'pollers'>) {
  const now = useMachineNow(1_000);
  if (inventory === null) {
    return (
      <Card title="Kept inventory" note="Not kept">
        <p className="card-text">
          The gateway keeps no copy of this organization, so that searches call AWS. To keep one, the operator names the
          principal in the setting <code>inventory</code>.
        </p>
      </Card>
    );
  }
  const note =
    inventory.state === 'LOADING'
      ? `First reading, ${percent(inventory.progress)}`
      : 'Search and charts read from it, without calls';
  return (
    <Card title="Kept inventory" note={note}>
      <StatusTable
        name="inventory"
        label="Kept inventory"
        columns={['List', 'Items', 'Read', 'Next', 'Calls']}
        rows={inventory.lists.map((list) => rowOf(withNextRead(list, pollers), now))}
      />
    </Card>
  );
}

function rowOf(list: InventoryList, now: Date): StatusRow {
  const { name, state, objects, asOf, progress, calls, error } = list;
  const isReading = progress < 1 && state !== 'UNAVAILABLE';
  const items = asOf === null ? '–' : objects.toLocaleString('en-US');
  return {
    key: name,
    cells: [listName(name), items, <Read key="read" list={list} now={now} />, nextOf(list, isReading, now), calls],
    error,
  };
}

function Read({ list, now }: { readonly list: InventoryList; readonly now: Date }) {
  const { state, asOf, progress } = list;
  if (state === 'UNAVAILABLE') return <span className="muted">AWS refuses it</span>;
  const isReading = progress < 1;
  const share = isReading ? progress : lifetimeLeft(list, now);
  const tone: Tone = isReading ? 'blue' : state === 'STALE' ? 'amber' : 'green';
  return (
    <span className="status-meter" data-tone={tone}>
      <span className="meter">
        <span style={{ width: percent(share).replace(' ', '') }} />
      </span>
      <span className={tone === 'green' ? undefined : 'tone'}>
        {isReading ? 'reading' : asOf === null ? '–' : ago(asOf, now)}
        {state === 'STALE' && <span className="visually-hidden">, older than it may be</span>}
      </span>
    </span>
  );
}

function nextOf({ nextRefreshAt, progress }: InventoryList, isReading: boolean, now: Date): string {
  if (isReading) return percent(progress);
  if (nextRefreshAt === null) return '–';
  const left = Date.parse(nextRefreshAt) - now.getTime();
  return left < 1_000 ? 'now' : `in ${short(left)}`;
}

/** The lists that are polled for live pages. */
export function PollersCard({ pollers }: Pick<GatewayStatus, 'pollers'>) {
  const now = useMachineNow(1_000);
  const rows = pollers.map(
    ({ list, intervalMs, subscribers, lastReadAt, error }): StatusRow => ({
      key: list,
      cells: [
        listName(list),
        `every ${seconds(intervalMs)}`,
        subscribers === 0 ? 'for the inventory' : counted(subscribers, 'listener'),
        lastReadAt === null ? '–' : ago(lastReadAt, now),
      ],
      error,
    }),
  );
  return (
    <Card title="Pollers" note="Cost the same for one listener and for a thousand">
      {rows.length === 0 ? (
        <p className="card-text">No list is polled: none is watched.</p>
      ) : (
        <StatusTable
          name="pollers"
          label="Pollers"
          columns={['List', 'Interval', 'Listeners', 'Last read']}
          hasHiddenHeader
          rows={rows}
        />
      )}
    </Card>
  );
}

/** "0.5 s", "5 s", "82 s". */
const seconds = (ms: number): string => (ms < 10_000 ? `${Math.round(ms / 100) / 10} s` : short(ms));
