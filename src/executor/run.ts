import type { GraphQLError } from 'graphql';

/** One run of a compiled operation: what graphql-js calls an execution context. */
export interface Run {
  readonly rootValue: unknown;
  readonly context: unknown;
  /** Coerced. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** Errors of fields that became null for them, in the order in which they happened. */
  readonly errors: GraphQLError[];
  /** How many more there were (see `MAX_ERRORS`). */
  leftOut: number;
  /** Characters of the response so far. */
  length: number;
  readonly maxLength: number;
  /** Why the run has ended early: no other field of it begins then. */
  aborted: RunAborted | undefined;
  /** Undefined for a run that does not pause. */
  readonly turns: Turns | undefined;
}

/** Ends a run, whatever may be null. */
export class RunAborted extends Error {}

export class ResponseTooLong extends RunAborted {}

export class TooManyFailures extends RunAborted {}

/** Counts characters of the response. @throws ResponseTooLong */
export function grow(run: Run, length: number): void {
  run.length += length;
  if (run.length > run.maxLength) throw abort(run, new ResponseTooLong());
}

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

/** Time that a run takes before it lets others have a turn, in ms. */
const SLICE_MS = 10;
/** Items of lists between two reads of the clock. */
const ITEMS_PER_READ = 8;

/** Lets a run with long lists pause, so that it does not hold up all other work of the process. */
export class Turns {
  readonly #nextTurn: () => Promise<void>;
  #end = performance.now() + SLICE_MS;
  #items = 0;
  #pause: Promise<void> | undefined;

  /** `nextTurn` resolves when the run may go on. */
  constructor(nextTurn: () => Promise<void>) {
    this.#nextTurn = nextTurn;
  }

  get isPaused(): boolean {
    return this.#pause !== undefined;
  }

  /** Called before each item of a list: whether the rest of the list has to wait for `resumed`. */
  mustPause(): boolean {
    if (this.#pause !== undefined) return true;
    this.#items += 1;
    if (this.#items < ITEMS_PER_READ) return false;
    this.#items = 0;
    if (performance.now() < this.#end) return false;
    this.#pause = this.#nextTurn().then(() => {
      this.#pause = undefined;
      this.#end = performance.now() + SLICE_MS;
    });
    return true;
  }

  /** Resolves when the run may go on. */
  async resumed(): Promise<void> {
    // Several lists may wait; one that goes on first can use up the time.
    while (this.#pause !== undefined) await this.#pause;
  }
}
