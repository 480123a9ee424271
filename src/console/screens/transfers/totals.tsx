import type { ReactNode } from 'react';
import { StateIcon, type StateShape, type Tone } from '../../components/state-icon.tsx';
import { useNow } from '../../data/clock.ts';
import { duration, longMonth, monthName, monthStart } from '../../data/time.ts';
import { dayOf, isBilledIn, lastDay, monthKey, type Side, type Transfer } from './model.ts';

/** The filters that a total switches. */
export interface TotalFilter {
  readonly status?: string | undefined;
  readonly billed?: string | undefined;
}

interface TotalsProps {
  readonly side: Side;
  readonly transfers: readonly Transfer[];
  readonly filter: TotalFilter;
  readonly onFilter: (filter: TotalFilter) => void;
}

/** Five figures; each shows its transfers when it is pressed. */
export function Totals({ side, transfers, filter, onFilter }: TotalsProps) {
  const now = useNow();
  const month = monthStart(now);
  const previous = monthStart(now, -1);
  const billed = transfers.filter((transfer) => isBilledIn(transfer, month)).length;
  const billedBefore = transfers.filter((transfer) => isBilledIn(transfer, previous)).length;
  const of = (group: string) => transfers.filter((transfer) => transfer.group === group);
  const [awaiting, scheduled, ending, over] = [of('awaiting'), of('scheduled'), of('ending'), of('over')];
  const [firstDue] = awaiting;
  const isDue = awaiting.some((transfer) => transfer.isDue);
  const declined = over.filter(({ status }) => status === 'DECLINED').length;
  const common = { filter, onFilter };
  return (
    <div className="totals">
      <Total
        {...common}
        name={`Billed ${side === 'inbound' ? 'here' : 'elsewhere'} in ${longMonth(month)}`}
        shape="done"
        tone="green"
        count={billed}
        note={changeOf(billed, billedBefore, longMonth(previous))}
        own={{ billed: monthKey(month) }}
      />
      <Total
        {...common}
        name={`Start ${sameDay(scheduled.map(({ start }) => dayOf(start, now))) ?? 'later'}`}
        shape="scheduled"
        tone="violet"
        count={scheduled.length}
        note="accepted"
        own={{ status: 'scheduled' }}
      />
      <Total
        {...common}
        name="Awaiting answer"
        shape={isDue ? 'due' : 'awaiting'}
        tone={isDue ? 'amber' : 'blue'}
        count={awaiting.length}
        note={
          firstDue?.expires === undefined ? (
            'nothing to wait for'
          ) : (
            <span className="totals-due">
              {awaiting.length === 1 ? 'expires' : 'expire'} in {duration(Date.parse(firstDue.expires) - now.getTime())}
            </span>
          )
        }
        own={{ status: 'awaiting' }}
      />
      <Total
        {...common}
        name={`End ${sameDay(ending.map(({ end }) => lastDay(end, now))) ?? 'later'}`}
        shape="ending"
        tone="red"
        count={ending.length}
        note="withdrawn"
        own={{ status: 'ending' }}
      />
      <Total
        {...common}
        name="Not taken up"
        shape="declined"
        tone="gray"
        count={over.length}
        note={over.length === 0 ? 'none' : `${declined} declined, ${over.length - declined} other`}
        own={{ status: 'over' }}
      />
    </div>
  );
}

/** The day, if it is the same for all. */
const sameDay = (days: readonly string[]): string | undefined => (new Set(days).size === 1 ? days[0] : undefined);

function changeOf(count: number, before: number, month: string): string {
  if (count === before) return `as in ${month || monthName(0)}`;
  return count > before ? `${count - before} more than ${month}` : `${before - count} fewer than ${month}`;
}

interface TotalProps {
  readonly name: string;
  readonly shape: StateShape;
  readonly tone: Tone;
  readonly count: number;
  readonly note: ReactNode;
  /** The filter that this total stands for. */
  readonly own: TotalFilter;
  readonly filter: TotalFilter;
  readonly onFilter: (filter: TotalFilter) => void;
}

function Total({ name, shape, tone, count, note, own, filter, onFilter }: TotalProps) {
  const isOn = own.status === undefined ? filter.billed === own.billed : filter.status === own.status;
  return (
    <button
      type="button"
      className="total"
      aria-pressed={isOn}
      data-tone={tone}
      onClick={() => onFilter(isOn ? {} : own)}
    >
      <span className="total-name">
        <StateIcon shape={shape} tone={tone} />
        {name}
      </span>
      <span className="total-figure">
        <b>{count}</b> <span className="total-note">{note}</span>
      </span>
    </button>
  );
}
