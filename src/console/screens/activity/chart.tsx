import './chart.css';
import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import { useWidth } from '../../components/use-width.ts';
import { counted } from '../../data/text.ts';
import { utcDay, utcTime } from '../../data/time.ts';
import { type Bins, moveRange, type Range, rangeWords } from './bins.ts';

const HEIGHT = 52;
const GAP = 3;
/** The least room for a label, in px. */
const LABEL = 110;
const DAY = 86_400_000;

interface ChartProps {
  readonly bins: Bins;
  /** Undefined for all. */
  readonly range: Range | undefined;
  readonly onRange: (range: Range | undefined) => void;
  readonly shown: number;
  readonly total: number;
  readonly now: Date;
}

/** Changes over time. A range of bars selects changes: dragged, or by arrows, which move it; with Shift they resize it. */
export function ActivityChart({ bins, range, onRange, shown, total, now }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const [anchor, setAnchor] = useState<number>();
  const { counts, step, start, words } = bins;
  const { length } = counts;
  const bars = counts.map((count, at) => ({ count, at, time: start + at * step }));
  const max = Math.max(1, ...counts);
  const unit = width / length;
  const chosen = range ?? { from: 0, to: length - 1 };
  const said = rangeWords(bins, chosen, now);

  const barAt = ({ clientX, currentTarget }: PointerEvent) => {
    const { left } = currentTarget.getBoundingClientRect();
    return Math.max(0, Math.min(length - 1, Math.floor((clientX - left) / unit)));
  };
  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0) return;
    const at = barAt(event);
    event.currentTarget.setPointerCapture(event.pointerId);
    setAnchor(at);
    onRange({ from: at, to: at });
  };
  const onPointerMove = (event: PointerEvent) => {
    if (anchor === undefined) return;
    const at = barAt(event);
    onRange({ from: Math.min(anchor, at), to: Math.max(anchor, at) });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    if (by !== undefined) {
      event.preventDefault();
      // The whole time cannot move: the first arrow chooses the latest bars.
      const known = range ?? { from: Math.max(0, length - 8), to: length - 1 };
      onRange(range === undefined ? known : moveRange(known, by, event.shiftKey, length));
    } else if (event.key === 'Escape' && range !== undefined) {
      event.preventDefault();
      onRange(undefined);
    }
  };

  const every = Math.max(1, Math.ceil(length / Math.max(2, Math.floor(width / LABEL))));
  return (
    <section className="activity-chart" aria-label="Changes over time">
      <div className="activity-chart-line">
        <span className="muted">Changes per {words}</span>
        <span className="activity-range">
          <b>{said}</b>{' '}
          <span className="muted">{`${shown.toLocaleString('en-US')} of ${counted(total, 'change')}`}</span>
          {range !== undefined && (
            <button type="button" className="link-button" onClick={() => onRange(undefined)}>
              Show all
            </button>
          )}
        </span>
      </div>
      <div
        ref={box}
        className="activity-bars"
        role="slider"
        tabIndex={0}
        aria-label="Range of time"
        aria-valuemin={0}
        aria-valuemax={length - 1}
        aria-valuenow={chosen.from}
        aria-valuetext={`${said}, ${shown} of ${counted(total, 'change')}`}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={() => setAnchor(undefined)}
        onPointerCancel={() => setAnchor(undefined)}
        onKeyDown={onKeyDown}
      >
        <svg width={width} height={HEIGHT} aria-hidden="true">
          {range !== undefined && (
            <rect
              className="activity-chosen"
              x={chosen.from * unit}
              width={(chosen.to - chosen.from + 1) * unit}
              y="0"
              height={HEIGHT}
            />
          )}
          {bars.map(({ count, at, time }) => {
            const height = count === 0 ? 0 : Math.max(3, (count / max) * (HEIGHT - 10));
            const isIn = at >= chosen.from && at <= chosen.to;
            return (
              <rect
                key={time}
                className="activity-bar"
                data-in={(range !== undefined && isIn) || undefined}
                x={at * unit + GAP / 2}
                width={Math.max(1, Math.min(24, unit - GAP))}
                y={HEIGHT - 1 - height}
                height={height}
                rx="1.5"
              />
            );
          })}
          <line className="activity-zero" x1="0" x2={width} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} />
        </svg>
        <div className="activity-times" aria-hidden="true">
          {bars.map(({ at, time }) => {
            if (at % every !== 0 || at * unit > width - 60) return null;
            const date = new Date(time);
            return (
              <span key={time} style={{ left: at * unit }}>
                {step < DAY / 4 ? utcTime(date) : utcDay(date, now)}
              </span>
            );
          })}
        </div>
      </div>
    </section>
  );
}
