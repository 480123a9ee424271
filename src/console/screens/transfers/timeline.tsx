import './timeline.css';
import { createContext, type ReactNode, useContext, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { ChevronLeftIcon, ChevronRightIcon } from '../../components/icons.tsx';
import { useMedia } from '../../components/use-media.ts';
import { useWidth } from '../../components/use-width.ts';
import { useNow } from '../../data/clock.ts';
import { monthName, monthStart } from '../../data/time.ts';
import { dayOf, isBilledIn, lastDay, type Transfer, wouldBeBilledIn } from './model.ts';

/** Months before this one that are shown at first. */
const MONTHS_BEFORE = 5;

/** Letters of a label, in px, on average: a label that does not fit into its bar stands beside it. */
const LETTER = 5.6;

/** Months that are narrower have no room for a year, in px. */
const YEAR_WIDTH = 58;

interface Range {
  /** The first moments of the months in sight. */
  readonly months: readonly Date[];
  readonly now: Date;
  readonly monthWidth: number;
  readonly setWidth: (width: number) => void;
  readonly move: (months: number) => void;
}

const RangeContext = createContext<Range | undefined>(undefined);

/** A transfer that is being ended in the drawer, and the end that is chosen there. */
export const EndPreview = createContext<{ readonly id: string; readonly end: string } | undefined>(undefined);

function useRange(): Range {
  const range = useContext(RangeContext);
  if (range === undefined) throw new Error('there is no timeline');
  return range;
}

/** Nine months around now, which the reader can move. */
export function TimelineRange({ children }: { readonly children: ReactNode }) {
  const now = useNow();
  const isNarrow = useMedia('(max-width: 1279px)');
  const [offset, setOffset] = useState(0);
  const [width, setWidth] = useState(0);
  const first = monthStart(now, offset - (isNarrow ? 3 : MONTHS_BEFORE)).getTime();
  const count = isNarrow ? 6 : 9;
  const range = useMemo(() => {
    const months = Array.from({ length: count }, (_, at) => monthStart(new Date(first), at));
    const move = (by: number) => setOffset((known) => known + by);
    return { months, now, monthWidth: width / count, setWidth, move };
  }, [first, count, width, now]);
  return <RangeContext value={range}>{children}</RangeContext>;
}

/** Where a time lies in the range, from 0 to 1; beyond it, less or more. */
function positionOf(time: number, months: readonly Date[]): number {
  const first = months[0] ?? new Date(time);
  const date = new Date(time);
  const start = monthStart(date);
  const month = (date.getUTCFullYear() - first.getUTCFullYear()) * 12 + date.getUTCMonth() - first.getUTCMonth();
  const length = monthStart(date, 1).getTime() - start.getTime();
  return (month + (time - start.getTime()) / length) / months.length;
}

const percent = (share: number): string => `${(share * 100).toFixed(3)}%`;

/** The line of the present. */
function NowLine() {
  const { months, now } = useRange();
  const at = positionOf(now.getTime(), months);
  return at < 0 || at > 1 ? null : <span className="timeline-now" style={{ left: percent(at) }} />;
}

/** The names of the months, and how many organizations are billed in each. */
export function TimelineHeader({ transfers }: { readonly transfers: readonly Transfer[] }) {
  const { months, now, monthWidth, setWidth, move } = useRange();
  const element = useRef<HTMLDivElement>(null);
  const width = useWidth(element);
  useLayoutEffect(() => setWidth(width), [width, setWidth]);
  const bars = months.map((month) => ({
    month,
    billed: transfers.filter((transfer) => isBilledIn(transfer, month)).length,
    open: transfers.filter((transfer) => wouldBeBilledIn(transfer, month)).length,
  }));
  const most = Math.max(1, ...bars.map(({ billed, open }) => billed + open));
  const thisMonth = monthStart(now).getTime();
  return (
    <div ref={element} className="timeline-header">
      {bars.map(({ month, billed, open }, at) => (
        <div key={month.getTime()} className="timeline-month" data-now={month.getTime() === thisMonth || undefined}>
          {(billed > 0 || open > 0) && (
            <span className="timeline-figure">
              {billed}
              {open > 0 && <span className="timeline-open-figure"> +{open}</span>}
            </span>
          )}
          {open > 0 && <span className="timeline-open" style={{ height: Math.max(4, (22 * open) / most) }} />}
          <span
            className="timeline-billed"
            data-ahead={month.getTime() > thisMonth || undefined}
            style={{ height: billed === 0 ? 0 : Math.max(2, (22 * billed) / most) }}
          />
          <span className="timeline-name">
            {monthName(month.getUTCMonth())}
            {month.getUTCMonth() === 0 && at > 0 && monthWidth > YEAR_WIDTH && (
              <span className="timeline-year"> {month.getUTCFullYear()}</span>
            )}
          </span>
        </div>
      ))}
      <span className="timeline-moves">
        <button type="button" tabIndex={-1} onClick={() => move(-1)}>
          <ChevronLeftIcon size={12} />
        </button>
        <button type="button" tabIndex={-1} onClick={() => move(1)}>
          <ChevronRightIcon size={12} />
        </button>
      </span>
      <NowLine />
    </div>
  );
}

interface Bar {
  readonly kind: 'force' | 'scheduled' | 'open' | 'past' | 'none';
  readonly label: string;
  readonly end?: string;
}

function barOf({ group, start, end, state }: Transfer, now: Date): Bar {
  const since = `Since ${dayOf(start, now)}`;
  if (group === 'awaiting') return { kind: 'open', label: `Would start ${dayOf(start, now)}` };
  if (group === 'scheduled') return { kind: 'scheduled', label: `Starts ${dayOf(start, now)}` };
  if (group === 'active') return { kind: 'force', label: since };
  if (group === 'ending') return { kind: 'force', label: since, end: `Ends ${lastDay(end, now)}` };
  if (group === 'ended') return { kind: 'past', label: '', end: `Ended ${lastDay(end, now)}` };
  return { kind: 'none', label: state };
}

/** A transfer's time as a bar. Screen readers skip it: Status, Starts and Ends say the same. */
export function TimelineBar({ transfer: present }: { readonly transfer: Transfer }) {
  const { months, now, monthWidth } = useRange();
  const preview = useContext(EndPreview);
  const isPreviewed = preview?.id === present.id;
  const transfer = isPreviewed ? { ...present, group: 'ending' as const, end: preview.end } : present;
  const { kind, label, end: endLabel } = barOf(transfer, now);
  const from = transfer.start === undefined ? undefined : positionOf(Date.parse(transfer.start), months);
  const to = transfer.end === undefined ? 1 : positionOf(Date.parse(transfer.end), months);
  const left = Math.max(0, from ?? 0);
  const right = Math.min(1, to);
  const isInSight = from !== undefined && left < 1 && right > 0;
  const width = (right - left) * monthWidth * months.length;
  const isInside = width > label.length * LETTER + 12;
  return (
    <div className="timeline">
      {months.slice(1).map((month, at) => (
        <span key={month.getTime()} className="timeline-line" style={{ left: percent((at + 1) / months.length) }} />
      ))}
      <NowLine />
      {isInSight && kind === 'none' && (
        <span className="timeline-dot" style={{ left: percent(left) }}>
          {label}
        </span>
      )}
      {isInSight && kind !== 'none' && (
        <>
          <span
            className="timeline-bar"
            data-kind={kind}
            data-from={(from ?? 0) >= 0 || undefined}
            data-to={to <= 1 && transfer.end !== undefined ? true : undefined}
            style={{ left: percent(left), width: percent(right - left) }}
          >
            {isInside && label}
          </span>
          {(endLabel || !isInside) && right < 0.97 && (
            <span className="timeline-end" data-kind={kind} style={{ left: percent(right) }}>
              {endLabel ?? label}
            </span>
          )}
        </>
      )}
    </div>
  );
}
