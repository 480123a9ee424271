import type { LogOffset } from './journal.ts';
import type { KeptListName } from './kept-types.ts';

/** Positions in the logs of several lists, which together are one moment of the copy. */
export type Offsets = ReadonlyMap<KeptListName, LogOffset>;

/** A position between two events: after `offsets` and, if `partial` is given, within the next record of its list. */
export interface ChangePosition {
  readonly offsets: Offsets;
  readonly partial?: PartialRecord | undefined;
}

/** A record that is several events for a subscriber with a filter. */
export interface PartialRecord {
  readonly list: KeptListName;
  /** The number of its events before the position. */
  readonly events: number;
}

/** Encodes a position for a cursor: its `epoch` and `sequence`. */
export const encodePosition = ({ offsets, partial }: ChangePosition): { epoch: string; sequence: number } => ({
  epoch: JSON.stringify([partial?.list ?? '', ...[...offsets].map(([list, at]) => [list, at.epoch, at.sequence])]),
  sequence: partial?.events ?? 0,
});

/** Undefined for the cursor of another version of the gateway. */
export function decodePosition({ epoch, sequence }: LogOffset): ChangePosition | undefined {
  try {
    const [list, ...entries] = JSON.parse(epoch) as [KeptListName | '', ...[KeptListName, string, number][]];
    const offsets = new Map(entries.map(([name, of, at]) => [name, { epoch: of, sequence: at }]));
    return list === '' ? { offsets } : { offsets, partial: { list, events: sequence } };
  } catch {
    return undefined;
  }
}
