import { StateIcon, type StateShape, type Tone } from '../../components/state-icon.tsx';
import { useNow } from '../../data/clock.ts';
import { duration, utcDay, utcTime } from '../../data/time.ts';
import { dayOf, GROUP_NAMES, type Group, lastDay, type Side, type Transfer } from './model.ts';

const ICONS: Readonly<Record<Group, readonly [shape: StateShape, tone: Tone]>> = {
  awaiting: ['awaiting', 'blue'],
  ending: ['ending', 'red'],
  scheduled: ['scheduled', 'violet'],
  active: ['done', 'green'],
  ended: ['ended', 'gray'],
  over: ['declined', 'gray'],
};

interface GroupHeaderProps {
  readonly group: Group;
  readonly side: Side;
  readonly transfers: readonly Transfer[];
}

/** The name of a group, how many it has, and what they have in common. */
export function GroupHeader({ group, side, transfers }: GroupHeaderProps) {
  const now = useNow();
  const isDue = transfers.some((transfer) => transfer.isDue);
  const [shape, tone] = isDue ? (['due', 'amber'] as const) : ICONS[group];
  return (
    <>
      <StateIcon shape={shape} tone={tone} />
      <b>{GROUP_NAMES[group]}</b>
      <span>{transfers.length}</span>
      <span className="transfer-group-note truncate" data-tone={isDue ? 'amber' : undefined}>
        {noteOf(group, side, transfers, now)}
      </span>
    </>
  );
}

function noteOf(group: Group, side: Side, transfers: readonly Transfer[], now: Date): string {
  const here = side === 'inbound' ? 'here' : 'elsewhere';
  const [first] = transfers;
  const same = (texts: readonly string[]) => (new Set(texts).size === 1 ? texts[0] : undefined);
  if (group === 'awaiting' && first?.expires) {
    const at = new Date(first.expires);
    const due = `${utcDay(at, now, { weekday: true })} ${utcTime(at)} UTC, in ${duration(at.getTime() - now.getTime())}`;
    const isSame = same(transfers.map(({ expires }) => expires ?? '')) !== undefined;
    return isSame ? `Answers are due ${due}` : `The first answer is due ${due}`;
  }
  if (group === 'ending') {
    const last = same(transfers.map(({ end }) => lastDay(end, now)));
    return last === undefined ? `Billed ${here} until they end` : `Billed ${here} through ${last}`;
  }
  if (group === 'scheduled') {
    const start = same(transfers.map((transfer) => dayOf(transfer.start, now)));
    return start === undefined ? 'Accepted, billing starts later' : `Accepted, billing starts ${start}`;
  }
  return group === 'active' ? `Billed ${here}` : '';
}
