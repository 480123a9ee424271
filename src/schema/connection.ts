import { type Input, type Item, type ListName, type Page, UpstreamError } from '../upstream/index.ts';
import { builder } from './builder.ts';
import type { GraphContext } from './context.ts';
import { decodeCursor, encodeCursor, invalidCursor, listFingerprint, type Position } from './cursor.ts';
import { badInput } from './ids.ts';

/** AWS's largest page, and so the fewest calls (API model: MaxResults is 1 to 20). */
const pageSize = 20;
const defaultFirst = 20;

/** An upstream list and how its items become nodes. */
export interface ListSource<O extends ListName, T> {
  readonly operation: O;
  readonly input: Input<O>;
  /** What tells the items of one list apart, stable over time: usually the id. */
  readonly key: (item: Item<O>) => string | undefined;
  readonly node: (item: Item<O>) => T;
}

export interface Edge<T> {
  readonly node: T;
  /** Made when it is read, and only then. */
  readonly cursor: string;
}

export interface PageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  /** Made when they are read, as the edges' cursors are. */
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

export interface Connection<T> {
  readonly edges: Edge<T>[];
  readonly pageInfo: PageInfo;
  /** Reads the rest of the list, when it is called. */
  totalCount(): Promise<number>;
}

export interface ConnectionArgs {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

/**
 * The one place where Relay's `first` and `after` meet AWS's NextToken. Reads as many upstream pages as `first` takes,
 * one after the other (each holds the token of the next), passes over empty ones, and none twice.
 * @throws GraphQLError BAD_USER_INPUT for a `first` out of range, INVALID_CURSOR for a cursor from elsewhere, changed or expired.
 * @throws UpstreamError when a page cannot be read.
 */
export async function readConnection<O extends ListName, T>(
  context: GraphContext,
  source: ListSource<O, T>,
  args: ConnectionArgs,
): Promise<Connection<T>> {
  const first = checkFirst(args.first ?? defaultFirst, context.settings.maxFirst);
  const { cursorKey } = context.settings;
  const fingerprint = listFingerprint(context.principal.name, source.operation, source.input);
  const start: Position =
    args.after == null ? { token: undefined, index: 0 } : decodeCursor(cursorKey, fingerprint, args.after);

  const edges: Edge<T>[] = [];
  let token = start.token;
  let page = await firstPage(context, source, start);
  const skip = new Skip(start, source.key);
  let next = skip.of(page.items);
  for (;;) {
    while (next < page.items.length && edges.length < first) {
      const item = page.items[next] as Item<O>;
      next += 1;
      // Behind a page's last item the cursor names the following page, so that going on does not read this one again.
      const position: Position =
        next === page.items.length && page.nextToken !== undefined
          ? { token: page.nextToken, index: 0 }
          : { token, index: next, key: source.key(item) };
      edges.push(lazyEdge(source.node(item), () => encodeCursor(cursorKey, fingerprint, position)));
    }
    if (edges.length === first || page.nextToken === undefined) break;
    token = page.nextToken;
    page = await readPage(context, source, token);
    next = skip.of(page.items);
  }
  return {
    edges,
    pageInfo: {
      hasNextPage: next < page.items.length || page.nextToken !== undefined,
      hasPreviousPage: args.after != null,
      get startCursor() {
        return edges[0]?.cursor ?? null;
      },
      get endCursor() {
        return edges.at(-1)?.cursor ?? args.after ?? null;
      },
    },
    totalCount: () => count(context, source),
  };
}

function checkFirst(first: number, maximum: number): number {
  if (first < 1) throw badInput('first', `${first} is too small; ask for 1 to ${maximum} items.`);
  if (first > maximum) {
    throw badInput(
      'first',
      `${first} is above this gateway's maximum of ${maximum}; ask for fewer and go on with \`after\`.`,
    );
  }
  return first;
}

async function firstPage<O extends ListName, T>(
  context: GraphContext,
  source: ListSource<O, T>,
  start: Position,
): Promise<Page<Item<O>>> {
  try {
    return await readPage(context, source, start.token);
  } catch (error) {
    // The token was AWS's own a while ago (the cursor's signature says so): it has expired.
    if (start.token !== undefined && error instanceof UpstreamError && error.reason === 'INVALID_NEXT_TOKEN') {
      throw invalidCursor('EXPIRED');
    }
    throw error;
  }
}

function readPage<O extends ListName, T>(
  context: GraphContext,
  source: ListSource<O, T>,
  token: string | undefined,
): Promise<Page<Item<O>>> {
  return context.session.page(source.operation, pageInput(source, token));
}

/** The same for every reader of a list, so that one operation's readers share its pages. */
export function pageInput<O extends ListName, T>(
  source: Pick<ListSource<O, T>, 'operation' | 'input'>,
  token: string | undefined,
): Input<O> {
  // ListTagsForResource is the one list without MaxResults (API model).
  const size = source.operation === 'ListTagsForResource' ? {} : { MaxResults: pageSize };
  return { ...source.input, ...size, ...(token === undefined ? {} : { NextToken: token }) };
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

async function count<O extends ListName, T>(context: GraphContext, source: ListSource<O, T>): Promise<number> {
  let total = 0;
  for await (const page of context.session.pages(source.operation, pageInput(source, undefined))) {
    total += page.items.length;
  }
  return total;
}

function lazyEdge<T>(node: T, makeCursor: () => string): Edge<T> {
  let cursor: string | undefined;
  return {
    node,
    get cursor() {
      cursor ??= makeCursor();
      return cursor;
    },
  };
}

builder.globalConnectionField('totalCount', (t) =>
  t.int({
    nullable: false,
    description: 'How many items the whole list has. AWS does not count: asking for it reads the list to its end.',
    resolve: (connection) => connection.totalCount(),
  }),
);

/** The arguments of every connection. There is no way backward in NextToken, so `last` and `before` do not exist. */
export const connectionArgs = builder.args((t) => ({
  first: t.int({
    defaultValue: defaultFirst,
    description: `How many items at most, from 1 to the gateway's maximum. AWS gives ${pageSize} in a call.`,
  }),
  after: t.string({ description: "An edge's cursor: the items behind it." }),
}));
