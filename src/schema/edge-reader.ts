import { type Item, type ListName, type Page, UpstreamError } from '../upstream/index.ts';
import type { GraphContext } from './context.ts';
import { encodeCursor, invalidCursor, type Position } from './cursor.ts';
import { type ListSource, pageInput } from './list-source.ts';
import { Planner } from './plans/planner.ts';

export interface Edge<T> {
  readonly node: T;
  /** Made when it is read, and only then. */
  readonly cursor: string;
}

/** Which part of a list a connection shows, and what binds its cursors to the list. */
export interface Range {
  readonly start: Position;
  /** How many edges at most. */
  readonly first: number;
  /** Made when a cursor is read, and only then. */
  readonly fingerprint: () => string;
}

/**
 * The edges of one connection, read upstream page by upstream page, one after the other (each holds the token of the next);
 * none is read twice. Several may read at once: who asks for more while a page is being read waits for that page.
 */
export class EdgeReader<O extends ListName, T> {
  /** What has been read so far. It only grows. */
  readonly edges: Edge<T>[] = [];
  /** Whether all edges of the range are there. */
  complete = false;
  /** Whether there may be more behind the last edge. Right once it is complete. */
  hasNextPage = false;
  readonly #context: GraphContext;
  readonly #source: ListSource<O, T>;
  readonly #range: Range;
  readonly #skip: Skip<Item<O>>;
  #token: string | undefined;
  #reading: Promise<void> | undefined;

  constructor(context: GraphContext, source: ListSource<O, T>, range: Range) {
    this.#context = context;
    this.#source = source;
    this.#range = range;
    this.#skip = new Skip(range.start, source.key);
    this.#token = range.start.token;
  }

  /**
   * Reads the next upstream page, which may hold no edges. A page that cannot be read ends the reading: everybody gets the same error.
   * @throws GraphQLError INVALID_CURSOR when AWS no longer knows the token that the range begins with.
   * @throws UpstreamError when the page cannot be read.
   */
  readPage(): Promise<void> {
    this.#reading ??= this.#read().then(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async readAll(): Promise<void> {
    while (!this.complete) await this.readPage();
  }

  async #read(): Promise<void> {
    const { edges } = this;
    const { first } = this.#range;
    const page = await this.#page();
    let next = this.#skip.of(page.items);
    while (next < page.items.length && edges.length < first) {
      const item = page.items[next] as Item<O>;
      next += 1;
      // Behind a page's last item the cursor names the following page, so that going on does not read this one again.
      const isLast = next === page.items.length && page.nextToken !== undefined;
      edges.push(
        isLast
          ? new ListEdge(this, this.#source.node(item), page.nextToken, 0, undefined)
          : new ListEdge(this, this.#source.node(item), this.#token, next, item),
      );
    }
    this.complete = edges.length === first || page.nextToken === undefined;
    this.hasNextPage = next < page.items.length || page.nextToken !== undefined;
    this.#token = page.nextToken;
  }

  async #page(): Promise<Page<Item<O>>> {
    const { operation } = this.#source;
    const { start } = this.#range;
    try {
      const page = this.#context.session.page(operation, pageInput(this.#source, this.#token));
      return await Planner.of(this.#context).track(operation, page);
    } catch (error) {
      // The token was AWS's own a while ago (the cursor's signature says so): it has expired.
      const own = this.#token !== undefined && this.#token === start.token;
      if (own && error instanceof UpstreamError && error.reason === 'INVALID_NEXT_TOKEN') {
        throw invalidCursor('EXPIRED');
      }
      throw error;
    }
  }

  /** The cursor of a place in the list: behind the first `index` items of the page of `token`, of which `item` is the last. */
  cursor(token: string | undefined, index: number, item: Item<O> | undefined): string {
    const key = item === undefined ? undefined : this.#source.key(item);
    return encodeCursor(this.#context.settings.cursorKey, this.#range.fingerprint(), { token, index, key });
  }
}

/** One of an `EdgeReader`'s edges. A class, for lists are long: the getter of an object literal would cost each edge a hidden class of its own. */
class ListEdge<O extends ListName, T> implements Edge<T> {
  readonly node: T;
  readonly #reader: EdgeReader<O, T>;
  readonly #token: string | undefined;
  readonly #index: number;
  readonly #item: Item<O> | undefined;

  constructor(reader: EdgeReader<O, T>, node: T, token: string | undefined, index: number, item: Item<O> | undefined) {
    this.node = node;
    this.#reader = reader;
    this.#token = token;
    this.#index = index;
    this.#item = item;
  }

  get cursor(): string {
    return this.#reader.cursor(this.#token, this.#index, this.#item);
  }
}

/** An edge whose cursor takes some making: made once, when it is read. */
export class LazyEdge<T> implements Edge<T> {
  readonly node: T;
  readonly #make: () => string;
  #cursor: string | undefined;

  constructor(node: T, make: () => string) {
    this.node = node;
    this.#make = make;
  }

  get cursor(): string {
    this.#cursor ??= this.#make();
    return this.#cursor;
  }
}

/** What lies before the start, page by page: an upstream may answer with other pages than when the cursor was made, empty ones among them. */
class Skip<T> {
  #left: number;
  readonly #lastKey: string | undefined;
  readonly #key: (item: T) => string | undefined;
  #done: boolean;

  constructor({ index, key: lastKey }: Position, key: (item: T) => string | undefined) {
    this.#left = index;
    this.#lastKey = lastKey;
    this.#key = key;
    this.#done = index === 0;
  }

  /** How many items of the next page lie before the start. */
  of(items: readonly T[]): number {
    if (this.#done) return 0;
    const last = items[this.#left - 1];
    const inPlace = last !== undefined && (this.#lastKey === undefined || this.#key(last) === this.#lastKey);
    const found = inPlace ? this.#left - 1 : items.findIndex((item) => this.#key(item) === this.#lastKey);
    // An item that is not where it was has most likely gone, and what came behind it has moved up into its place.
    const start = found < 0 ? this.#left - 1 : found + 1;
    if (found < 0 && start >= items.length) {
      this.#left -= items.length;
      return items.length;
    }
    this.#done = true;
    return start;
  }
}
