import { invalidEvent } from './errors.ts';

/** Members of every event of a subscription that ends in `Changes` (docs/subscriptions.md). */
export interface EventMembers {
  readonly type: string;
  readonly reset: boolean;
  readonly cursor: string;
  readonly observedAt?: string;
}

/** An event, with the key and the object of its row. */
export interface TableEvent<Row = unknown, Event = unknown> extends EventMembers {
  /** Undefined in a BOOKMARK, and if the object could not be read. */
  readonly id: string | undefined;
  readonly row: Row | undefined;
  readonly source: Event;
}

export interface EventReaderOptions<Row> {
  /** The member of an event that has the object. */
  readonly field?: string | undefined;
  /** Returns the object of an event, if it is not one member. */
  readonly toRow?: ((event: never) => Row | null | undefined) | undefined;
  readonly key?: ((row: Row) => string) | undefined;
}

/** Finds the event in the data of a result, and the object in the event. */
export class EventReader<Row, Event> {
  readonly #key: (row: Row) => unknown;
  readonly #isGivenKey: boolean;
  readonly #toRow: ((event: never) => Row | null | undefined) | undefined;
  #field: string | undefined;

  constructor({ field, toRow, key }: EventReaderOptions<Row>) {
    this.#toRow = toRow;
    this.#field = field;
    this.#isGivenKey = key !== undefined;
    this.#key = key ?? idOf;
  }

  /**
   * Returns the event; undefined if the data has none.
   * @throws WatchError (INVALID_EVENT) if the selection lacks members that a table needs.
   */
  read(data: unknown): TableEvent<Row, Event> | undefined {
    const event = Object.entries((data ?? {}) as object).find(([name]) => name !== '__typename')?.[1];
    if (typeof event !== 'object' || event === null) return undefined;
    const { type, reset, cursor } = event as Partial<EventMembers>;
    if (typeof type !== 'string' || typeof reset !== 'boolean' || typeof cursor !== 'string') {
      throw invalidEvent('An event has no `type`, `reset` or `cursor`. Select all three, without aliases.');
    }
    const row = this.#rowOf(event, type);
    const id = row && this.#key(row);
    if (row !== undefined && typeof id !== 'string') {
      throw invalidEvent('An object of an event has no key. Select its `id`, or pass `key` to `watch`.');
    }
    return { ...(event as EventMembers), id: id as string | undefined, row, source: event as Event };
  }

  #rowOf(event: object, type: string): Row | undefined {
    if (type === 'BOOKMARK') return undefined;
    if (this.#toRow !== undefined) return this.#toRow(event as never) ?? undefined;
    this.#field ??= this.#findField(event);
    const row = this.#field === undefined ? undefined : (event as Record<string, unknown>)[this.#field];
    return isObject(row) ? (row as Row) : undefined;
  }

  #findField(event: object): string | undefined {
    const objects = Object.entries(event).filter(([, value]) => isObject(value));
    const fields = objects.flatMap(([name, value]) =>
      this.#isGivenKey || typeof idOf(value) === 'string' ? [name] : [],
    );
    if (fields.length > 1) {
      throw invalidEvent(
        `An event has several objects (${fields.join(', ')}). Pass the name of one as \`field\` to \`watch\`.`,
      );
    }
    if (objects.length > 0 && fields.length === 0) {
      throw invalidEvent('An object of an event has no key. Select its `id`, or pass `key` to `watch`.');
    }
    return fields[0];
  }
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const idOf = (row: unknown): unknown => (row as { readonly id?: unknown }).id;
