import type { CopiedList, CopyReader } from '../inventory/types.ts';
import { type Item, type ListName, type Page, UpstreamError } from '../upstream/index.ts';
import { type ConnectionArgs, checkFirst } from './connection-args.ts';
import type { GraphContext } from './context.ts';
import { decodeCursor, encodeCursor, invalidCursor, listFingerprint, type Position } from './cursor.ts';
import { type Edge, EdgesPageInfo, type PageInfo } from './edges.ts';
import { KeyDigests, ShownItems, Skip } from './list-items.ts';
import { ListPages, type ListRequest } from './loaders/replies.ts';

/** Selects and orders the items of a list in the copy of the organization. */
export interface CopiedSource<I> {
  /** The conditions and the order as text. A cursor is valid for equal conditions only. */
  readonly conditions: string;
  readonly list: (reader: CopyReader) => CopiedList<I> | undefined;
}

/** A list of AWS, and how its items become nodes. */
export interface ListSource<O extends ListName, T> extends ListRequest<O> {
  /** Returns a stable key that distinguishes the items of the list, usually the id. */
  readonly key: (item: Item<O>) => string | undefined;
  readonly node: (item: Item<O>) => T;
  /**
   * How the copy of the organization answers the list. Default: by operation and input, in the order of the ids, and
   * not at all with a `filter`.
   */
  readonly copied?: CopiedSource<Item<O>>;
  /**
   * Assembles the whole list from other lists. May resolve to undefined if it is cheaper to read the list itself,
   * unless `isRequired`, since a cursor of the assembled list must continue in it.
   */
  readonly assemble?: (isRequired: boolean) => Promise<readonly Item<O>[] | undefined>;
}

/**
 * Reads the edges of one connection: page by page from AWS (each page has the NextToken of the following one), or from
 * a list that is assembled from other lists. AWS documents no order of lists, so the two may have different orders. A
 * cursor of an assembled list therefore holds a digest of the items before it. It continues in AWS's list only if that
 * begins with the same items.
 */
export class ConnectionReader<O extends ListName, T> {
  /** The edges that have been read, in order. */
  readonly edges: Edge<T>[] = [];
  /** Whether `edges` has all edges of the requested range. */
  isComplete = false;
  readonly #context: GraphContext;
  readonly #source: ListSource<O, T>;
  readonly #first: number;
  readonly #after: string | null;
  #start: Position | undefined;
  #skip: Skip<Item<O>> | undefined;
  #pages: ListPages<O>;
  #shown: ShownItems<Item<O>>;
  #assembled: readonly Item<O>[] | undefined;
  #digests: KeyDigests | undefined;
  #reading: Promise<void> | undefined;
  /** Whether the list may have more items after the last edge. Valid once the reader is complete. */
  #hasNextPage = false;
  #knownFingerprint: string | undefined;

  /**
   * @throws GraphQLError BAD_USER_INPUT for a `first` out of range, INVALID_CURSOR for a cursor that is not of this
   *   list.
   */
  constructor(context: GraphContext, source: ListSource<O, T>, args: ConnectionArgs) {
    const { cursorKey } = context.settings;
    this.#context = context;
    this.#source = source;
    this.#first = checkFirst(args, context, 'AWS');
    this.#after = args.after ?? null;
    this.#start = this.#after === null ? undefined : decodeCursor(cursorKey, this.#fingerprint, this.#after);
    this.#shown = this.#createShown(this.#start);
    this.#pages = this.#startAt(this.#start);
  }

  /**
   * Takes the pages that the session knows. Returns true if they complete the connection.
   * @throws UpstreamError if AWS repeats a page token, as the list would never end.
   */
  readKnown(): boolean {
    while (!this.isComplete && this.#start?.seen === undefined) {
      const { token } = this.#pages;
      const page = this.#pages.nextKnown();
      if (page === undefined) return false;
      this.#take(page, token);
    }
    return this.isComplete;
  }

  /**
   * Assembles the list from other lists if that is cheaper than to read it, or if the cursor is of an assembled list.
   */
  async assemble(): Promise<void> {
    const { assemble } = this.#source;
    const start = this.#start;
    if (assemble === undefined || (start !== undefined && start.seen === undefined)) return;
    const position = start && (await this.#findSamePosition(start));
    if (position !== undefined) {
      this.#start = position;
      this.#restart(position);
      return;
    }
    const items = await assemble(start !== undefined);
    if (items === undefined) return;
    const shown = new ShownItems(this.#source.key);
    this.#assembled = items.filter((item) => shown.add(item));
    this.#digests = new KeyDigests(this.#assembled.map(this.#source.key));
    this.#restart(start);
    this.#take({ items: this.#assembled, nextToken: undefined }, undefined);
  }

  /**
   * Reads the next page from AWS, which may be empty. Concurrent calls share one read.
   * @throws GraphQLError INVALID_CURSOR if AWS no longer accepts the page token of `after`.
   * @throws UpstreamError if the page cannot be read, or AWS repeats a page token.
   */
  readPage(): Promise<void> {
    this.#reading ??= this.#read();
    return this.#reading;
  }

  async readAll(): Promise<void> {
    while (!this.isComplete) await this.readPage();
  }

  /** Valid once the reader is complete. */
  get pageInfo(): PageInfo {
    return new EdgesPageInfo(this.edges, this.#hasNextPage, this.#after);
  }

  /** Reads the whole list and counts its items. */
  async totalCount(): Promise<number> {
    if (this.#assembled !== undefined) return this.#assembled.length;
    const shown = new ShownItems(this.#source.key);
    const pages = new ListPages(this.#context, this.#source, { isLive: true });
    let total = 0;
    while (!pages.isComplete) for (const item of (await pages.next()).items) if (shown.add(item)) total += 1;
    return total;
  }

  /**
   * Encodes the cursor of the position after the first `index` items of the page of `token`. `item` is the last one
   * before that position, as AWS may repeat it on the next page.
   */
  cursor(token: string | undefined, index: number, item: Item<O>): string {
    const position = { token, index, key: this.#source.key(item), seen: this.#digests?.upTo(index) };
    return encodeCursor(this.#context.settings.cursorKey, this.#fingerprint, position);
  }

  /** Discards the edges read so far and starts at a position. */
  #restart(start: Position | undefined): void {
    this.edges.length = 0;
    this.#shown = this.#createShown(start);
    this.#pages = this.#startAt(start);
  }

  #createShown(start: Position | undefined): ShownItems<Item<O>> {
    const shown = new ShownItems(this.#source.key);
    if (start?.key !== undefined) shown.addKey(start.key);
    return shown;
  }

  #startAt(start: Position | undefined): ListPages<O> {
    this.#skip = start !== undefined && start.index > 0 ? new Skip(start, this.#source.key) : undefined;
    return new ListPages(this.#context, this.#source, { isLive: true, startToken: start?.token });
  }

  async #read(): Promise<void> {
    const { token } = this.#pages;
    try {
      this.#take(await this.#pages.next(), token);
    } catch (error) {
      // The cursor's signature proves that AWS issued the token, so it must have expired.
      const isOwn = token !== undefined && token === this.#start?.token;
      if (isOwn && error instanceof UpstreamError && error.reason === 'INVALID_NEXT_TOKEN')
        throw invalidCursor('EXPIRED');
      throw error;
    }
    this.#reading = undefined;
  }

  /**
   * Adds a page to the edges.
   * @param token The token of the page; undefined for the first page.
   */
  #take({ items, nextToken }: Page<Item<O>>, token: string | undefined): void {
    const { edges } = this;
    const start = this.#skip?.of(items) ?? 0;
    for (let before = 0; before < start; before += 1) this.#shown.add(items[before] as Item<O>);
    let next = this.#shown.nextNew(items, start);
    while (next < items.length && edges.length < this.#first) {
      const item = items[next] as Item<O>;
      const index = next + 1;
      this.#shown.add(item);
      next = this.#shown.nextNew(items, index);
      const node = this.#source.node(item);
      // The cursor after a page's last item points to the next page, so that continuing does not read this one again.
      const isLast = next === items.length && nextToken !== undefined;
      edges.push(isLast ? new ListEdge(this, node, nextToken, 0, item) : new ListEdge(this, node, token, index, item));
    }
    this.isComplete = edges.length === this.#first || nextToken === undefined;
    this.#hasNextPage = next < items.length || nextToken !== undefined;
  }

  /** Finds the position in AWS's list before which it has the same items as the assembled list; undefined if none. */
  async #findSamePosition({ index, seen }: Position): Promise<Position | undefined> {
    const keys: (string | undefined)[] = [];
    const pages = new ListPages(this.#context, this.#source, { isLive: true });
    while (!pages.isComplete) {
      const { token } = pages;
      const { items, nextToken } = await pages.next();
      const within = index - keys.length;
      keys.push(...items.map(this.#source.key));
      if (keys.length < index) continue;
      if (new KeyDigests(keys).upTo(index) !== seen) return undefined;
      const isWholePage = within === items.length && nextToken !== undefined;
      return isWholePage ? { token: nextToken, index: 0 } : { token, index: within, key: keys[index - 1] };
    }
    return undefined;
  }

  /** Binds cursors to this list. Computed on first use, as hashing is expensive. */
  get #fingerprint(): string {
    const { operation, input, filter } = this.#source;
    this.#knownFingerprint ??= listFingerprint(this.#context.principal.name, operation, input, filter?.key);
    return this.#knownFingerprint;
  }
}

/** A class, as object literals with getters are slow (docs/performance.md). */
class ListEdge<O extends ListName, T> implements Edge<T> {
  readonly node: T;
  readonly #reader: ConnectionReader<O, T>;
  readonly #token: string | undefined;
  readonly #index: number;
  readonly #item: Item<O>;

  constructor(reader: ConnectionReader<O, T>, node: T, token: string | undefined, index: number, item: Item<O>) {
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
