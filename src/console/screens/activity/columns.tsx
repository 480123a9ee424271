import type { Column } from '../../components/grid-items.ts';
import { ArrowRightIcon, PollingIcon, UserIcon } from '../../components/icons.tsx';
import { StateIcon } from '../../components/state-icon.tsx';
import { type Change, type Description, sourceOf } from './describe.ts';
import { ICONS } from './kinds.tsx';
import type { ShownValue } from './values.ts';

/** A change with its words. */
export interface ActivityRow {
  readonly id: string;
  readonly change: Change;
  readonly words: Description;
}

const time = (at: string): string => at.slice(11, 19);

export const columns: readonly Column<ActivityRow>[] = [
  {
    id: 'time',
    header: 'UTC',
    width: 68,
    cell: ({ change }) => <time dateTime={change.observedAt}>{time(change.observedAt)}</time>,
  },
  { id: 'kind', header: '', width: 26, isDecorative: true, cell: ({ change }) => <KindIcon change={change} /> },
  { id: 'what', header: 'Change', width: 'fill', cell: ({ words }) => <What words={words} /> },
  { id: 'values', header: 'Before and after', width: 236, cell: ({ words }) => <Values words={words} /> },
  {
    id: 'source',
    header: 'By',
    width: 150,
    minTableWidth: 620,
    cell: ({ change }) => <Source change={change} />,
  },
];

export function KindIcon({ change: { type } }: { readonly change: Change }) {
  const Icon = ICONS[type];
  return (
    <span className="activity-kind">
      <Icon />
    </span>
  );
}

const What = ({ words: { subject, verb } }: { readonly words: Description }) => (
  <span className="truncate activity-what">
    <b>{subject}</b> {verb}
  </span>
);

export function Source({ change }: { readonly change: Change }) {
  return (
    <span className="activity-source truncate">
      {change.source === 'GATEWAY' ? <UserIcon size={14} /> : <PollingIcon size={14} />}
      <span className="truncate">{sourceOf(change)}</span>
    </span>
  );
}

export function Values({ words: { before, after } }: { readonly words: Description }) {
  if (before === undefined && after === undefined) return null;
  return (
    <span className="activity-values">
      {before && <Value value={before} isOld />}
      {before && after && (
        <>
          <ArrowRightIcon size={12} />
          <span className="visually-hidden">to</span>
        </>
      )}
      {after && <Value value={after} />}
    </span>
  );
}

function Value({ value: { text, shape, tone }, isOld }: { readonly value: ShownValue; readonly isOld?: boolean }) {
  return (
    <span className="activity-value truncate" data-old={isOld || undefined} title={text}>
      {!isOld && shape && tone && <StateIcon shape={shape} tone={tone} />}
      <span className="truncate">{text}</span>
    </span>
  );
}

/** A change on a phone. */
export function ActivityCard({ row }: { readonly row: ActivityRow }) {
  const { change, words } = row;
  return (
    <div className="activity-card">
      <KindIcon change={change} />
      <What words={words} />
      <time dateTime={change.observedAt} className="muted">
        {time(change.observedAt)}
      </time>
      <span className="activity-card-values">
        <Values words={words} />
      </span>
      <Source change={change} />
    </div>
  );
}
