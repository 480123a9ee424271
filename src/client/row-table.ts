import type { TableEvent } from './events.ts';

/** A change of one row. */
export interface RowChange<Row = unknown, Event = unknown> {
  readonly type: 'ADDED' | 'CHANGED' | 'REMOVED';
  readonly id: string;
  /** The row as it is now; of a removed one, its last state. */
  readonly row: Row;
  /** The row before; undefined for an added one. */
  readonly previous: Row | undefined;
  /** The event; undefined if a snapshot shows the change, which may stand for several events. */
  readonly event: Event | undefined;
}

type AppliedEvent<Row> = Pick<TableEvent<Row>, 'type' | 'reset' | 'cursor' | 'id' | 'row' | 'source'>;

const noChanges: readonly never[] = [];

/**
 * Rows by id, as events change them. The rows are always complete, as of the event of `cursor`: a snapshot replaces
 * them when its BOOKMARK arrives, and not before. Holds two copies of the rows at most.
 */
export class RowTable<Row, Event> {
  #rows = new Map<string, Row>();
  /** Shared by readers until the next change. */
  #view: ReadonlyMap<string, Row> | undefined;
  /** An incomplete snapshot. */
  #staged: Map<string, Row> | undefined;
  #cursor: string | undefined;

  /** Resumes after the last event in `rows`. Undefined before the first complete snapshot. */
  get cursor(): string | undefined {
    return this.#cursor;
  }

  /** A map that later changes do not affect. */
  get rows(): ReadonlyMap<string, Row> {
    this.#view ??= new Map(this.#rows);
    return this.#view;
  }

  /** A copy of the incomplete snapshot. */
  get staged(): ReadonlyMap<string, Row> {
    return new Map(this.#staged);
  }

  /** Discards an incomplete snapshot: the next subscription starts with another one. */
  restart(): void {
    this.#staged = undefined;
  }

  /** Makes the next subscription start with a snapshot. The rows stay until it is complete. */
  forgetCursor(): void {
    this.#cursor = undefined;
  }

  /**
   * Applies the next event, and returns how it changes the rows. An event that was the last one before changes nothing.
   */
  apply(event: AppliedEvent<Row>): readonly RowChange<Row, Event>[] {
    const { type, reset, cursor } = event;
    if (type === 'BOOKMARK') return this.#bookmark(reset, cursor);
    if (type !== 'SNAPSHOT' && cursor === this.#cursor) return noChanges;
    const { id, row } = event;
    if (id === undefined || row === undefined) return noChanges;
    if (type === 'SNAPSHOT') {
      this.#staged ??= new Map();
      this.#staged.set(id, row);
      return noChanges;
    }
    this.#cursor = cursor;
    const change = this.#change(type === 'REMOVED', id, row, event.source as Event);
    if (change === undefined) return noChanges;
    this.#view = undefined;
    if (change.type === 'REMOVED') this.#rows.delete(id);
    else this.#rows.set(id, row);
    return [change];
  }

  #bookmark(reset: boolean, cursor: string): readonly RowChange<Row, Event>[] {
    const next = reset ? (this.#staged ?? new Map<string, Row>()) : undefined;
    this.#staged = undefined;
    this.#cursor = cursor;
    if (next === undefined) return noChanges;
    // An unchanged row keeps its identity, so that what is rendered of it stays.
    for (const [id, row] of next) {
      const known = this.#rows.get(id);
      if (known !== undefined && isEqual(known, row)) next.set(id, known);
    }
    const changes = diffRows<Row, Event>(this.#rows, next);
    this.#rows = next;
    this.#view = undefined;
    return changes;
  }

  #change(isRemoved: boolean, id: string, row: Row, event: Event): RowChange<Row, Event> | undefined {
    const previous = this.#rows.get(id);
    if (isRemoved) return previous === undefined ? undefined : { type: 'REMOVED', id, row, previous, event };
    return { type: previous === undefined ? 'ADDED' : 'CHANGED', id, row, previous, event };
  }
}

/** Compares two states of a table by the identity of their rows. */
export function diffRows<Row, Event>(
  before: ReadonlyMap<string, Row>,
  after: ReadonlyMap<string, Row>,
): readonly RowChange<Row, Event>[] {
  const changes: RowChange<Row, Event>[] = [];
  for (const [id, previous] of before) {
    if (!after.has(id)) changes.push({ type: 'REMOVED', id, row: previous, previous, event: undefined });
  }
  for (const [id, row] of after) {
    const previous = before.get(id);
    if (previous === row) continue;
    changes.push({ type: previous === undefined ? 'ADDED' : 'CHANGED', id, row, previous, event: undefined });
  }
  return changes;
}

/** Whether two values of JSON are equal. The order of members has no meaning. */
function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  const members = (value: object) => value as Record<string, unknown>;
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isEqual(members(a)[key], members(b)[key]))
  );
}
