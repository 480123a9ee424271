import {
  type EventOf,
  type GraphQLWsClient,
  type RowOf,
  type Table,
  type TableStatus,
  watch,
} from '../../client/index.ts';
import { Store } from './store.ts';
import type { TypedDocument } from './typed-document.ts';

/** A live list: a subscription that ends in `Changes`, and how to call it. */
export interface ListDefinition<Row> {
  /** As the status bar shows it, such as `Inbound transfers`. */
  readonly name: string;
  readonly document: string;
  /** Makes the object of an event, if it is not one member. Needs `key`. */
  // biome-ignore lint/suspicious/noExplicitAny: the document has the type, and `defineList` compares them.
  readonly toRow?: ((event: any) => Row | null | undefined) | undefined;
  /** Accepts parts of objects of this age, in seconds, instead of a call to AWS for each object. */
  readonly maxAge?: number | undefined;
  /** The key of an object. Default: its `id`. */
  readonly key?: ((row: Row) => string) | undefined;
}

interface TypedList<Data, Variables> extends Omit<ListDefinition<RowOf<Data>>, 'document'> {
  readonly document: TypedDocument<Data, Variables>;
}

/** Defines a list of the objects in the events of a subscription. */
export const defineList = <Data, Variables>({
  document,
  ...list
}: TypedList<Data, Variables>): ListDefinition<RowOf<Data>> => ({ ...list, document: String(document) });

interface CombinedList<Data, Variables, Row> extends Omit<ListDefinition<Row>, 'document' | 'toRow'> {
  readonly document: TypedDocument<Data, Variables>;
  readonly toRow: (event: EventOf<Data>) => Row | null | undefined;
  readonly key: (row: Row) => string;
}

/** Defines a list of objects that are made of several members of an event. */
export const defineCombinedList = <Data, Variables, Row>({
  document,
  ...list
}: CombinedList<Data, Variables, Row>): ListDefinition<Row> => ({ ...list, document: String(document) });

/** A list as it is now. */
export interface ListState<Row> {
  /** Complete as of `updatedAt`; before `isReady`, those that have arrived. */
  readonly rows: ReadonlyMap<string, Row>;
  /** Whether the rows have been complete once. */
  readonly isReady: boolean;
  readonly status: TableStatus;
  readonly updatedAt: Date | undefined;
  /** Rows that changed within the last seconds, to mark them. */
  readonly changed: ReadonlySet<string>;
  /** Connects at once, or reads again after an error. */
  readonly retry: () => void;
}

/** How long a change is marked, in ms. */
const MARK_MS = 6_000;

/** How often rows that arrive are shown, in ms. A list that is complete sooner is shown once. */
const ARRIVAL_MS = 250;

/** A list that no component shows stays open for this long, so that a page can be left and opened again at no cost. */
const LINGER_MS = 60_000;

/** An open list, which components share. */
export class OpenList {
  readonly name: string;
  readonly #table: Table<unknown, unknown>;
  readonly #onChange: () => void;
  readonly #marks = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #listeners = new Set<() => void>();
  #state: ListState<unknown> | undefined;
  #arrivals: ReturnType<typeof setInterval> | undefined;
  #arrived: ReadonlyMap<string, unknown> = new Map();
  /** When the last event or bookmark has arrived, in ms since 1970. */
  heardAt = Date.now();
  users = 0;
  lingering: ReturnType<typeof setTimeout> | undefined;

  constructor(name: string, table: Table<unknown, unknown>, onChange: () => void) {
    this.name = name;
    this.#table = table;
    this.#onChange = onChange;
    table.subscribe(() => {
      this.heardAt = Date.now();
      this.#followArrivals();
      this.#notify();
    });
    table.onChange((changes) => {
      // The first snapshot is no change.
      if (this.#state?.isReady !== true) return;
      for (const { id } of changes) this.#mark(id);
      this.#onChange();
    });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  readonly get = (): ListState<unknown> => {
    if (this.#state === undefined) {
      const { rows, status, updatedAt } = this.#table.getSnapshot();
      const isReady = updatedAt !== undefined;
      this.#state = {
        rows: isReady ? rows : this.#arrived,
        isReady,
        status,
        updatedAt,
        changed: new Set(this.#marks.keys()),
        retry: this.#table.retry,
      };
    }
    return this.#state;
  };

  close(): void {
    for (const timer of this.#marks.values()) clearTimeout(timer);
    clearTimeout(this.lingering);
    clearInterval(this.#arrivals);
    this.#table.close();
  }

  #followArrivals(): void {
    const isLoading = this.#table.status.state === 'loading' && this.#table.updatedAt === undefined;
    if (!isLoading) {
      clearInterval(this.#arrivals);
      this.#arrivals = undefined;
    } else {
      this.#arrivals ??= setInterval(() => {
        this.heardAt = Date.now();
        this.#arrived = this.#table.loadingRows;
        this.#notify();
      }, ARRIVAL_MS);
    }
  }

  #mark(id: string): void {
    clearTimeout(this.#marks.get(id));
    const timer = setTimeout(() => {
      this.#marks.delete(id);
      this.#notify();
    }, MARK_MS);
    this.#marks.set(id, timer);
  }

  #notify(): void {
    this.#state = undefined;
    // The next `onChange` compares with it.
    this.get();
    for (const listener of [...this.#listeners]) listener();
  }
}

/** All live lists of a session. Two components that show the same list share one subscription. */
export class Lists {
  readonly #transport: GraphQLWsClient;
  readonly #open = new Map<string, OpenList>();
  /** For the status bar. */
  readonly watched = new Store<readonly OpenList[]>([]);
  readonly lastChange = new Store<Date | undefined>(undefined);

  constructor(transport: GraphQLWsClient) {
    this.#transport = transport;
  }

  /** Opens a list, or joins it if it is open. */
  open<Row>(
    { name, document, toRow, maxAge, key }: ListDefinition<Row>,
    variables: Readonly<Record<string, unknown>>,
  ): OpenList {
    const id = JSON.stringify([document, variables]);
    const known = this.#open.get(id);
    if (known !== undefined) return known;
    const table = watch<Row>(document, {
      transport: this.#transport,
      variables,
      ...(toRow && { toRow }),
      ...(maxAge !== undefined && { maxAge }),
      ...(key && { key }),
    });
    const list = new OpenList(name, table as Table<unknown, unknown>, () => this.lastChange.set(new Date()));
    this.#open.set(id, list);
    this.#publish();
    return list;
  }

  use(list: OpenList): () => void {
    list.users += 1;
    clearTimeout(list.lingering);
    return () => {
      list.users -= 1;
      if (list.users > 0) return;
      list.lingering = setTimeout(() => this.#remove(list), LINGER_MS);
    };
  }

  /** Reads lists again that have ended with an error. */
  retryEnded(): void {
    for (const list of this.#open.values()) {
      const { status, retry } = list.get();
      if (status.state === 'ended' && status.reason === 'failed') retry();
    }
  }

  close(): void {
    for (const list of this.#open.values()) list.close();
    this.#open.clear();
  }

  #remove(list: OpenList): void {
    list.close();
    for (const [id, each] of this.#open) if (each === list) this.#open.delete(id);
    this.#publish();
  }

  #publish(): void {
    // Not while a component renders.
    queueMicrotask(() => this.watched.set([...this.#open.values()]));
  }
}
