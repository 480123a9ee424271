import { TimeSlice } from '../watcher/time-slice.ts';
import type { GraphContext } from './context.ts';

/** Lets other work of the process run in between: `if (pauses.mustPause()) await pauses.resumed()` before each item. */
export type Pauses = Pick<NonNullable<GraphContext['turns']>, 'mustPause' | 'resumed'>;

/** The pauses of an operation with others; by time alone where it has no turns, as with `@defer`. */
export function pausesOf({ turns }: GraphContext): Pauses {
  if (turns !== undefined) return turns;
  const slice = new TimeSlice();
  return { mustPause: () => slice.isOver, resumed: () => slice.next() };
}
