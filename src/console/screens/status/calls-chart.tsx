import './calls-chart.css';
import { type PointerEvent, useRef, useState } from 'react';
import { useWidth } from '../../components/use-width.ts';
import type { GatewayStatus } from '../../data/gateway-status.ts';
import { utcTime } from '../../data/time.ts';

type Minute = GatewayStatus['upstreamCalls'][number];

const HEIGHT = 86;
/** Minutes between two labels of the time. */
const LABEL_STEP = 15;

interface CallsChartProps {
  readonly minutes: readonly Minute[];
  readonly principal: string;
}

/** Calls to AWS in each minute of the last hour. */
export function CallsChart({ minutes, principal }: CallsChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const [pointed, setPointed] = useState<number>();
  const max = Math.max(1, ...minutes.map(({ calls }) => calls));
  const last = minutes.length - 1;
  const x = (at: number) => (last <= 0 ? 0 : (at / last) * width);
  const y = (calls: number) => 1 + (1 - calls / max) * (HEIGHT - 2);
  const line = minutes.map(({ calls }, at) => `${x(at).toFixed(1)},${y(calls).toFixed(1)}`).join(' ');
  const follow = ({ clientX, currentTarget }: PointerEvent) => {
    const { left } = currentTarget.getBoundingClientRect();
    setPointed(Math.max(0, Math.min(last, Math.round(((clientX - left) / width) * last))));
  };
  const minute = pointed === undefined ? undefined : minutes[pointed];
  return (
    <section className="card calls">
      <header className="card-header">
        <h2>Calls to AWS per minute</h2>
        <span className="calls-of">last hour, principal {principal}</span>
        <Figures minutes={minute ? [minute] : minutes} at={minute && new Date(minute.minute)} />
      </header>
      <div ref={box} className="calls-chart" onPointerMove={follow} onPointerLeave={() => setPointed(undefined)}>
        <svg width={width} height={HEIGHT} aria-hidden="true">
          <line className="calls-limit" x1="0" x2={width} y1="0.5" y2="0.5" />
          <polygon className="calls-area" points={`0,${HEIGHT} ${line} ${width},${HEIGHT}`} />
          <polyline className="calls-line" points={line} />
          {minutes.map(
            ({ minute: time, throttled }, at) =>
              throttled > 0 && (
                <line key={time} className="calls-throttled" x1={x(at)} x2={x(at)} y1={HEIGHT - 6} y2={HEIGHT} />
              ),
          )}
          <line className="calls-zero" x1="0" x2={width} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} />
          {pointed !== undefined && (
            <line className="calls-pointed" x1={x(pointed)} x2={x(pointed)} y1="0" y2={HEIGHT} />
          )}
        </svg>
        <span className="calls-max" aria-hidden="true">
          {max}
        </span>
        <div className="calls-times" aria-hidden="true">
          {minutes.map(
            ({ minute: time }, at) =>
              ((at % LABEL_STEP === 0 && last - at > LABEL_STEP / 2) || at === last) && (
                <span key={time}>{utcTime(new Date(time))}</span>
              ),
          )}
        </div>
      </div>
      <CallsTable minutes={minutes} />
    </section>
  );
}

const sum = (minutes: readonly Minute[], key: 'calls' | 'cached' | 'throttled'): number =>
  minutes.reduce((total, minute) => total + minute[key], 0);

/** Of the hour, or of the minute under the pointer. */
function Figures({ minutes, at }: { readonly minutes: readonly Minute[]; readonly at: Date | undefined }) {
  const throttled = sum(minutes, 'throttled');
  return (
    <span className="calls-figures">
      {at && <span>{utcTime(at)} UTC</span>}
      <span>
        <b>{sum(minutes, 'calls').toLocaleString('en-US')}</b> calls
      </span>
      <span>
        <b>{sum(minutes, 'cached').toLocaleString('en-US')}</b> answered from memory
      </span>
      <span data-tone={throttled > 0 ? 'amber' : undefined}>
        <b>{throttled.toLocaleString('en-US')}</b> throttled
      </span>
    </span>
  );
}

/** The chart for screen readers: minutes with calls. */
function CallsTable({ minutes }: Pick<CallsChartProps, 'minutes'>) {
  return (
    <table className="visually-hidden">
      <caption>Calls to AWS per minute, of minutes with any</caption>
      <thead>
        <tr>
          <th scope="col">Minute, UTC</th>
          <th scope="col">Calls</th>
          <th scope="col">Answered from memory</th>
          <th scope="col">Throttled</th>
        </tr>
      </thead>
      <tbody>
        {minutes
          .filter(({ calls, cached }) => calls > 0 || cached > 0)
          .map(({ minute, calls, cached, throttled }) => (
            <tr key={minute}>
              <th scope="row">{utcTime(new Date(minute))}</th>
              <td>{calls}</td>
              <td>{cached}</td>
              <td>{throttled}</td>
            </tr>
          ))}
      </tbody>
    </table>
  );
}
