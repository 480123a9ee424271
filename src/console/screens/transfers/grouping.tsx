import type { GridGroup } from '../../components/grid-items.ts';
import { LayersIcon } from '../../components/icons.tsx';
import { GroupHeader } from './group-header.tsx';
import { dayOf, GROUPS, type Side, type Transfer } from './model.ts';

export type Grouping = 'status' | 'month' | 'none';

const GROUPINGS: Readonly<Record<Grouping, string>> = {
  status: 'Grouped by status',
  month: 'Grouped by start month',
  none: 'Not grouped',
};

export function GroupMenu({
  value,
  onChange,
}: {
  readonly value: Grouping;
  readonly onChange: (value: Grouping) => void;
}) {
  const next: Record<Grouping, Grouping> = { status: 'month', month: 'none', none: 'status' };
  return (
    <button type="button" className="button button-plain" onClick={() => onChange(next[value])}>
      <LayersIcon /> {GROUPINGS[value]}
    </button>
  );
}

export function groupsOf(
  grouping: Grouping,
  rows: readonly Transfer[],
  side: Side,
  now: Date,
): readonly GridGroup[] | undefined {
  if (grouping === 'none') return undefined;
  if (grouping === 'month') {
    const months = [...new Set(rows.map(({ start }) => start?.slice(0, 7) ?? ''))].sort().reverse();
    return months.map((id) => ({
      id,
      header: (
        <>
          <b>{id === '' ? 'No start' : `Starts ${dayOf(`${id}-01T00:00:00Z`, now)}`}</b>
          {rows.filter(({ start }) => (start?.slice(0, 7) ?? '') === id).length}
        </>
      ),
    }));
  }
  return GROUPS.map((id) => ({
    id,
    header: <GroupHeader group={id} side={side} transfers={rows.filter(({ group }) => group === id)} />,
  }));
}
