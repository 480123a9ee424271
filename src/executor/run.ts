import type { GraphQLError } from 'graphql';
import type { Turns } from './turns.ts';

/** One run of a compiled operation: what graphql-js calls an execution context. */
export interface Run {
  readonly rootValue: unknown;
  readonly context: unknown;
  /** Coerced. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** Errors of fields that became null for them, in the order in which they happened. */
  readonly errors: GraphQLError[];
  /** How many more there were (see `MOST_ERRORS`). */
  leftOut: number;
  /** Characters of the answer so far. */
  length: number;
  /** The most that it may have. */
  readonly maxLength: number;
  /** Why the run has ended early: nothing else of it begins then. */
  aborted: RunAborted | undefined;
  /** Undefined for a run that does not pause. */
  readonly turns: Turns | undefined;
}

/** Ends a run, whatever may be null. */
export class RunAborted extends Error {}

/** The answer is too large. */
export class AnswerTooLong extends RunAborted {}

/** Too many values have failed. */
export class TooManyFailures extends RunAborted {}

/** Counts characters of the answer. @throws AnswerTooLong */
export function grow(run: Run, length: number): void {
  run.length += length;
  if (run.length > run.maxLength) throw abort(run, new AnswerTooLong());
}

/** Ends the run. */
export function abort(run: Run, reason: RunAborted): RunAborted {
  run.aborted ??= reason;
  return run.aborted;
}

/** A completed value as JSON text; null where the graph has null, which a field around it may not allow. */
export type Text = string | null;
export type Completed = Text | Promise<Text>;

/** Where a value stands in the response; the shape of graphql-js's own paths. */
export interface Path {
  readonly prev: Path | undefined;
  readonly key: string | number;
  readonly typename: string | undefined;
}

export function pathToArray(path: Path | undefined): (string | number)[] {
  const keys: (string | number)[] = [];
  for (let each = path; each !== undefined; each = each.prev) keys.push(each.key);
  return keys.reverse();
}

export function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
