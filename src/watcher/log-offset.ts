/**
 * A position in a log: right after the event with this number. The epoch identifies the run that numbered it, because
 * two runs may give the same number to different events after a loss of stored data.
 */
export interface LogOffset {
  readonly epoch: string;
  readonly sequence: number;
}

/** The offset alone, of a record. */
export const offsetOf = ({ epoch, sequence }: LogOffset): LogOffset => ({ epoch, sequence });

export const isSameOffset = (a: LogOffset | undefined, b: LogOffset | undefined): boolean =>
  a?.epoch === b?.epoch && a?.sequence === b?.sequence;
