import { type ExceptionName, type ListName, UpstreamError } from '../upstream/index.ts';
import { builder } from './builder.ts';
import type { GraphContext } from './context.ts';
import { costs } from './cost/rules.ts';
import { decodeCursor, listFingerprint } from './cursor.ts';
import { type Edge, EdgeReader } from './edge-reader.ts';
import { badInput } from './ids.ts';
import { type ListSource, pageInput, pageSize } from './list-source.ts';

export type { Edge } from './edge-reader.ts';
export { type ListSource, pageInput } from './list-source.ts';

const defaultFirst = 20;

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

/** A connection of which the first page is there: its edges come as they are read, its page info when all are. */
export interface StreamedConnection<T> {
  readonly edges: AsyncIterable<Edge<T>>;
  /** Reads what is not read yet, when it is asked for. */
  readonly pageInfo: Promise<PageInfo>;
  totalCount(): Promise<number>;
}

export interface ConnectionArgs {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

/**
 * The one place where Relay's `first` and `after` meet AWS's NextToken. Reads as many upstream pages as `first` takes,
 * passes over empty ones, and reads none twice. When the operation streams (`@stream`), it waits for the first page only,
 * so that a wrong argument or a refusal is the connection's own error, and the others are read while the first items are sent.
 * @throws GraphQLError BAD_USER_INPUT for a `first` out of range, INVALID_CURSOR for a cursor from elsewhere, changed or expired.
 * @throws UpstreamError when a page cannot be read.
 */
export async function readConnection<O extends ListName, T>(
  context: GraphContext,
  source: ListSource<O, T>,
  args: ConnectionArgs,
): Promise<Connection<T> | StreamedConnection<T>> {
  return context.streams ? streamConnection(context, source, args) : readWholeConnection(context, source, args);
}

/** An empty connection where AWS answers with `exception` instead of an empty list; everything else as it is. */
export async function emptyWhen<C extends Connection<unknown> | StreamedConnection<unknown>>(
  exception: ExceptionName,
  reading: Promise<C>,
): Promise<C | Connection<never>> {
  try {
    return await reading;
  } catch (error) {
    if (!(error instanceof UpstreamError && error.code === exception)) throw error;
    const pageInfo = { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null };
    return { edges: [], pageInfo, totalCount: async () => 0 };
  }
}

/** `readConnection` for an operation that does not stream. */
export async function readWholeConnection<O extends ListName, T>(
  context: GraphContext,
  source: ListSource<O, T>,
  args: ConnectionArgs,
): Promise<Connection<T>> {
  const reader = openReader(context, source, args);
  await reader.readAll();
  return {
    edges: reader.edges,
    pageInfo: pageInfo(reader, args),
    totalCount: () => count(context, source),
  };
}

/** `readConnection` for an operation that streams. */
export async function streamConnection<O extends ListName, T>(
  context: GraphContext,
  source: ListSource<O, T>,
  args: ConnectionArgs,
): Promise<StreamedConnection<T>> {
  const reader = openReader(context, source, args);
  await reader.readPage();
  return {
    edges: { [Symbol.asyncIterator]: () => edgesAsRead(reader) },
    get pageInfo() {
      return reader.readAll().then(() => pageInfo(reader, args));
    },
    totalCount: () => count(context, source),
  };
}

function openReader<O extends ListName, T>(
  context: GraphContext,
  source: ListSource<O, T>,
  args: ConnectionArgs,
): EdgeReader<O, T> {
  const { cursorKey, maxFirst } = context.settings;
  let known: string | undefined;
  const fingerprint = () => {
    known ??= listFingerprint(context.principal.name, source.operation, source.input);
    return known;
  };
  return new EdgeReader(context, source, {
    first: firstOf(args, maxFirst),
    fingerprint,
    start: args.after == null ? { token: undefined, index: 0 } : decodeCursor(cursorKey, fingerprint(), args.after),
  });
}

async function* edgesAsRead<O extends ListName, T>(reader: EdgeReader<O, T>): AsyncGenerator<Edge<T>, void, undefined> {
  const { edges } = reader;
  for (let next = 0; ; ) {
    for (; next < edges.length; next += 1) yield edges[next] as Edge<T>;
    if (reader.complete) return;
    await reader.readPage();
  }
}

const pageInfo = <O extends ListName, T>(
  { edges, hasNextPage }: EdgeReader<O, T>,
  { after }: ConnectionArgs,
): PageInfo => new EdgesPageInfo(edges, hasNextPage, after ?? null);

/** The page info of edges that are all there. */
export class EdgesPageInfo implements PageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly #edges: readonly Edge<unknown>[];
  readonly #after: string | null;

  constructor(edges: readonly Edge<unknown>[], hasNextPage: boolean, after: string | null) {
    this.hasNextPage = hasNextPage;
    this.hasPreviousPage = after !== null;
    this.#edges = edges;
    this.#after = after;
  }

  get startCursor(): string | null {
    return this.#edges[0]?.cursor ?? null;
  }

  get endCursor(): string | null {
    return this.#edges.at(-1)?.cursor ?? this.#after;
  }
}

/** @throws GraphQLError BAD_USER_INPUT for a `first` out of range. */
export function firstOf({ first: asked }: ConnectionArgs, maximum: number): number {
  const first = asked ?? defaultFirst;
  if (first < 1) throw badInput('first', `${first} is too small; ask for 1 to ${maximum} items.`);
  if (first > maximum) {
    throw badInput(
      'first',
      `${first} is above this gateway's maximum of ${maximum}; ask for fewer and go on with \`after\`.`,
    );
  }
  return first;
}

async function count<O extends ListName, T>(context: GraphContext, source: ListSource<O, T>): Promise<number> {
  let total = 0;
  for await (const page of context.session.pages(source.operation, pageInput(source, undefined))) {
    total += page.items.length;
  }
  return total;
}

builder.globalConnectionField('totalCount', (t) =>
  t.int({
    nullable: false,
    description: 'How many items the whole list has. AWS does not count: asking for it reads the list to its end.',
    extensions: costs({ wholeList: true }),
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
