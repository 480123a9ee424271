import type { ReactNode } from 'react';
import type { BatchRow, BatchState } from '../../../actions/batch.ts';
import { sentenceOf } from '../../../actions/exceptions.ts';
import type { StateShape, Tone } from '../../../components/state-icon.tsx';
import { duration } from '../../../data/time.ts';
import { type CheckedRow, type CheckState, startLabel } from './check.ts';

export type ResultGroup = 'ready' | 'waiting' | 'invited' | 'attention';

/** A row as both the check and the results show it. */
export interface ResultRow {
  readonly checked: CheckedRow;
  readonly group: ResultGroup;
  readonly shape: StateShape;
  readonly tone: Tone;
  readonly state: string;
  readonly result: ReactNode;
  /** AWS's code and request id, on a line of their own. */
  readonly code: string | undefined;
  readonly sent: BatchRow<CheckedRow> | undefined;
}

type Shown = Pick<ResultRow, 'group' | 'shape' | 'tone' | 'state'>;

const CHECKED: Readonly<Record<CheckState, Shown>> = {
  ready: { group: 'ready', shape: 'done', tone: 'green', state: 'Ready' },
  duplicate: { group: 'attention', shape: 'ended', tone: 'gray', state: 'Duplicate' },
  open: { group: 'attention', shape: 'ended', tone: 'gray', state: 'Already open' },
  start: { group: 'attention', shape: 'refused', tone: 'amber', state: 'Start not allowed' },
  malformed: { group: 'attention', shape: 'refused', tone: 'amber', state: 'Malformed' },
};

/** The rows after the check. */
export const checkResults = (checked: readonly CheckedRow[]): readonly ResultRow[] =>
  checked.map((row) => ({
    checked: row,
    ...CHECKED[row.state],
    result: row.message,
    code: undefined,
    sent: undefined,
  }));

/** The rows while they are sent. Those that were not ready are skipped or left out. */
export function sendResults(
  checked: readonly CheckedRow[],
  { rows, meanMs, isPaused }: BatchState<CheckedRow>,
): readonly ResultRow[] {
  const sentByRow = new Map(rows.map((row) => [row.item, row]));
  let ahead = 0;
  return checked.map((row) => {
    const sent = sentByRow.get(row);
    if (sent === undefined) {
      const isSkipped = row.state === 'duplicate' || row.state === 'open';
      const shown = { ...CHECKED[row.state], state: isSkipped ? 'Skipped' : 'Left out' };
      return { checked: row, ...shown, result: row.message, code: undefined, sent };
    }
    if (sent.state === 'waiting') ahead += 1;
    return { checked: row, ...shownOf(sent), result: resultOf(sent, isPaused ? undefined : meanMs, ahead), sent };
  });
}

function shownOf({
  state,
  result,
  error,
  isLookedUp,
}: BatchRow<CheckedRow>): Shown & { readonly code: string | undefined } {
  const code = undefined;
  if (state === 'done') return { group: 'invited', shape: 'done', tone: 'green', state: 'Invited', code };
  if (state === 'sending') {
    return { group: 'waiting', shape: 'scheduled', tone: 'blue', state: isLookedUp ? 'Looking' : 'Sending', code };
  }
  if (state === 'waiting') return { group: 'waiting', shape: 'waiting', tone: 'gray', state: 'Waiting', code };
  const parts = [error?.code, error?.reason, error?.requestId].filter((part) => part !== undefined);
  const word = error?.isUnknown ? 'Not known' : 'Not sent';
  return { group: 'attention', shape: 'failed', tone: 'red', state: word, code: parts.join(' ') || result };
}

function resultOf(
  { state, result, error, isLookedUp }: BatchRow<CheckedRow>,
  meanMs: number | undefined,
  ahead: number,
) {
  if (state === 'done') return <span className="mono">{result}</span>;
  if (isLookedUp) return 'The answer was lost. Looking whether AWS has sent it …';
  if (error !== undefined) {
    const { cause, next } = sentenceOf(error);
    return state === 'failed' ? `${cause} ${next}` : `${cause} It is tried again.`;
  }
  if (state === 'sending') return 'Sending …';
  return meanMs === undefined ? '' : `In ${duration(Math.max(1_000, meanMs * ahead))}`;
}

/** The results as a file: what was sent, and why the rest was not. */
export const csvOfResults = (rows: readonly ResultRow[], now: Date) => [
  ['row', 'name', 'account', 'start', 'state', 'invitationId', 'code', 'reason', 'requestId', 'message'],
  ...rows.map(({ checked, state, sent }) => {
    const error = sent?.state === 'done' ? undefined : sent?.error;
    return [
      ...[String(checked.number), checked.name, checked.account],
      checked.start?.toISOString().slice(0, 7) ?? startLabel(checked, now),
      ...[state, sent?.result, error?.code, error?.reason, error?.requestId],
      error ? sentenceOf(error).cause : checked.message,
    ];
  }),
];
