import type { BatchState } from '../../../actions/batch.ts';
import { sentenceOf } from '../../../actions/exceptions.ts';
import { OfflineIcon } from '../../../components/icons.tsx';
import { counted } from '../../../data/text.ts';
import { duration } from '../../../data/time.ts';
import type { CheckedRow } from './check.ts';

interface ProgressProps {
  readonly checked: readonly CheckedRow[];
  readonly state: BatchState<CheckedRow>;
}

/** How far the sending is, and how long it takes still. */
export function Progress({ checked, state }: ProgressProps) {
  const { rows, isRunning, isPaused, isDisconnected, stoppedBy, meanMs } = state;
  const of = (wanted: string) => rows.filter((row) => row.state === wanted).length;
  const [invited, failed, sending, waiting] = [of('done'), of('failed'), of('sending'), of('waiting')];
  const skipped = checked.filter((row) => row.state === 'duplicate' || row.state === 'open').length;
  const leftOut = checked.length - rows.length - skipped;
  const parts = [
    ...(failed > 0 ? [`${failed} not sent`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    ...(leftOut > 0 ? [`${leftOut} left out`] : []),
  ];
  const status = () => {
    if (isRunning && isDisconnected) return 'The connection is lost. Sending goes on when it is back.';
    if (isRunning && isPaused) return 'Pauses after this row';
    if (isPaused) return `Paused, ${counted(waiting, 'row')} left`;
    if (!isRunning) return 'All rows are done';
    if (meanMs === undefined) return 'Sending, one call a row';
    return `About ${duration(Math.max(1_000, meanMs * (waiting + sending)))} left, one call a row`;
  };
  const segments = [
    ['green', invited],
    ['red', failed],
    ['gray', skipped + leftOut],
    ['blue', sending],
  ] as const;
  return (
    <section className="bulk-progress" aria-label="Progress">
      <p className="bulk-progress-text">
        <b>
          {invited} of {checked.length} invited
        </b>
        <span>{parts.join(', ')}</span>
        <span className="bulk-progress-status" role="status">
          {isDisconnected && <OfflineIcon size={14} />} {status()}
        </span>
      </p>
      <div
        className="bulk-bar"
        role="progressbar"
        aria-label="Rows that are done"
        aria-valuemin={0}
        aria-valuemax={checked.length}
        aria-valuenow={checked.length - waiting - sending}
      >
        {segments.map(([tone, count]) => (
          <span key={tone} data-tone={tone} style={{ flexGrow: count }} />
        ))}
        <span style={{ flexGrow: waiting }} />
      </div>
      {stoppedBy && (
        <p className="form-problem" role="alert">
          Sending has stopped, as every other row would fail, too. {sentenceOf(stoppedBy).cause}{' '}
          {sentenceOf(stoppedBy).next}
        </p>
      )}
    </section>
  );
}
