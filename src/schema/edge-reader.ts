import { type Item, type ListName, type Page, PageTokens, UpstreamError } from '../upstream/index.ts';
import { type ConnectionArgs, firstOf } from './connection-args.ts';
import type { GraphContext } from './context.ts';
import { decodeCursor, encodeCursor, invalidCursor, listFingerprint, type Position } from './cursor.ts';
import { type ListSource, pageInput } from './list-source.ts';
import { EdgesPageInfo, type PageInfo } from './page-info.ts';
import { Planner } from './plans/planner.ts';

export interface Edge<T> {
  readonly node: T;
  /** Made when it is read, and only then. */
  readonly cursor: string;
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
  readonly #context: GraphContext;
  readonly #source: ListSource<O, T>;
  /** How many edges at most. */
  readonly #first: number;
  readonly #after: string | null;
  readonly #startToken: string | undefined;
  #skip: Skip<Item<O>> | undefined;
  #token: string | undefined;
  #tokens: PageTokens | undefined;
  #reading: Promise<void> | undefined;
  readonly #shown: ShownItems<Item<O>>;
  /** Whether there may be more behind the last edge. Right once it is complete. */
  #hasNextPage = false;
  #knownFingerprint: string | undefined;

  /** @throws GraphQLError BAD_USER_INPUT for a `first` out of range, INVALID_CURSOR for a cursor from elsewhere or changed. */
  constructor(context: GraphContext, source: ListSource<O, T>, args: ConnectionArgs) {
    const { cursorKey, maxFirst } = context.settings;
    this.#context = context;
    this.#source = source;
    this.#shown = new ShownItems(source.key);
    this.#first = firstOf(args, maxFirst);
    this.#after = args.after ?? null;
    if (this.#after !== null) {
      const start = decodeCursor(cursorKey, this.#fingerprint, this.#after);
      this.#startToken = start.token;
      this.#token = start.token;
      if (start.index > 0) this.#skip = new Skip(start, source.key);
      if (start.key !== undefined) this.#shown.addKey(start.key);
    }
  }

  /**
   * Takes the pages that are known already, one after the other; whether that completes it.
   * @throws UpstreamError when the list comes back to one of them.
   */
  readKnown(): boolean {
    const { session } = this.#context;
    while (!this.complete) {
      const page = session.knownPage(this.#source.operation, pageInput(this.#source, this.#token));
      if (page === undefined) return false;
      this.#take(page);
    }
    return true;
  }

  /**
   * Reads the next upstream page, which may hold no edges. A page that cannot be read ends the reading: everybody gets the same error.
   * @throws GraphQLError INVALID_CURSOR when AWS no longer knows the token that the range begins with.
   * @throws UpstreamError when the page cannot be read, or the list has come back to it.
   */
  readPage(): Promise<void> {
    this.#reading ??= this.#read();
    return this.#reading;
  }

  async readAll(): Promise<void> {
    while (!this.complete) await this.readPage();
  }

  /** Of the edges that are there: right once it is complete. */
  get pageInfo(): PageInfo {
    return new EdgesPageInfo(this.edges, this.#hasNextPage, this.#after);
  }

  /** How many items the whole list has: reads it to its end. */
  async count(): Promise<number> {
    const { operation } = this.#source;
    const shown = new ShownItems(this.#source.key);
    let total = 0;
    for await (const { items } of this.#context.session.pages(operation, pageInput(this.#source, undefined))) {
      for (const item of items) if (shown.add(item)) total += 1;
    }
    return total;
  }

  async #read(): Promise<void> {
    this.#take(await this.#page());
    this.#reading = undefined;
  }

  #take(page: Page<Item<O>>): void {
    const { edges } = this;
    const first = this.#first;
    const source = this.#source;
    const { items } = page;
    const start = this.#skip?.of(items) ?? 0;
    for (let before = 0; before < start; before += 1) this.#shown.add(items[before] as Item<O>);
    let next = this.#shown.nextNew(items, start);
    while (next < items.length && edges.length < first) {
      const item = items[next] as Item<O>;
      const index = next + 1;
      this.#shown.add(item);
      next = this.#shown.nextNew(items, index);
      // Behind a page's last item the cursor names the following page, so that going on does not read this one again.
      const isLast = next === items.length && page.nextToken !== undefined;
      edges.push(
        isLast
          ? new ListEdge(this, source.node(item), page.nextToken, 0, item)
          : new ListEdge(this, source.node(item), this.#token, index, item),
      );
    }
    this.complete = edges.length === first || page.nextToken === undefined;
    this.#hasNextPage = next < items.length || page.nextToken !== undefined;
    this.#token = page.nextToken;
    if (this.complete || page.nextToken === undefined) return;
    this.#tokens ??= new PageTokens(source.operation, this.#startToken);
    this.#tokens.add(page.nextToken, items.length);
  }

  async #page(): Promise<Page<Item<O>>> {
    const { operation } = this.#source;
    try {
      const page = this.#context.session.page(operation, pageInput(this.#source, this.#token));
      return await Planner.of(this.#context).track(operation, page);
    } catch (error) {
      // The token was AWS's own a while ago (the cursor's signature says so): it has expired.
      const own = this.#token !== undefined && this.#token === this.#startToken;
      if (own && error instanceof UpstreamError && error.reason === 'INVALID_NEXT_TOKEN') {
        throw invalidCursor('EXPIRED');
      }
      throw error;
    }
  }

  /**
   * The cursor of a place in the list: behind the first `index` items of the page of `token`. `item` is the last one before
   * that place, which AWS's next page may show again.
   */
  cursor(token: string | undefined, index: number, item: Item<O> | undefined): string {
    const key = item === undefined ? undefined : this.#source.key(item);
    return encodeCursor(this.#context.settings.cursorKey, this.#fingerprint, { token, index, key });
  }

  /** What binds its cursors to the list. Made when one is read or written, and only then. */
  get #fingerprint(): string {
    const { operation, input } = this.#source;
    this.#knownFingerprint ??= listFingerprint(this.#context.principal.name, operation, input);
    return this.#knownFingerprint;
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

/** The items of a list so far. AWS's pages may show one twice, as when the list changes between them. */
export class ShownItems<T> {
  readonly #key: (item: T) => string | undefined;
  readonly #keys = new Set<string>();

  constructor(key: (item: T) => string | undefined) {
    this.#key = key;
  }

  /** False for an item that was added before. One without a key is like no other. */
  add(item: T): boolean {
    const key = this.#key(item);
    return key === undefined || this.addKey(key);
  }

  addKey(key: string): boolean {
    const { size } = this.#keys;
    return this.#keys.add(key).size > size;
  }

  /** The index of the first item, from `start` on, that was not added before; their number where there is none. */
  nextNew(items: readonly T[], start: number): number {
    let next = start;
    for (; next < items.length; next += 1) {
      const key = this.#key(items[next] as T);
      if (key === undefined || !this.#keys.has(key)) break;
    }
    return next;
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
