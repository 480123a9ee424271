import { type ExceptionName, type ListName, UpstreamError } from '../upstream/index.ts';
import { builder } from './builder.ts';
import { type ConnectionArgs, defaultFirst } from './connection-args.ts';
import type { GraphContext } from './context.ts';
import { costs } from './cost/rules.ts';
import { type Edge, EdgeReader } from './edge-reader.ts';
import { type ListSource, pageSize } from './list-source.ts';
import type { PageInfo } from './page-info.ts';

export type { ConnectionArgs } from './connection-args.ts';
export type { Edge } from './edge-reader.ts';
export { type ListSource, pageInput } from './list-source.ts';
export type { PageInfo } from './page-info.ts';

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

/**
 * The one place where Relay's `first` and `after` meet AWS's NextToken. Reads as many upstream pages as `first` takes,
 * passes over empty ones, and reads none twice; there at once when all of them are known already. When the operation streams
 * (`@stream`), it waits for the first page only, so that a wrong argument or a refusal is the connection's own error, and the others
 * are read while the first items are sent.
 * @throws GraphQLError BAD_USER_INPUT for a `first` out of range, INVALID_CURSOR for a cursor from elsewhere, changed or expired (at once,
 *   or by rejecting).
 * @throws UpstreamError when a page cannot be read (by rejecting).
 */
export function readConnection<O extends ListName, T>(
  context: GraphContext,
  source: ListSource<O, T>,
  args: ConnectionArgs,
): Connection<T> | Promise<Connection<T> | StreamedConnection<T>> {
  return context.streams ? streamConnection(context, source, args) : readWholeConnection(context, source, args);
}

/** An empty connection where AWS answers with `exception` instead of an empty list; everything else as it is. */
export function emptyWhen<C extends Connection<unknown> | StreamedConnection<unknown>>(
  exception: ExceptionName,
  reading: C | Promise<C>,
): C | Promise<C | Connection<never>> {
  if (!(reading instanceof Promise)) return reading;
  return reading.catch((error: unknown) => {
    if (!(error instanceof UpstreamError && error.code === exception)) throw error;
    return EMPTY;
  });
}

/** The connection of a list that is known to be empty, without a call. Throws for wrong arguments, as any other. */
export function emptyConnection<O extends ListName, T>(
  context: GraphContext,
  source: ListSource<O, T>,
  args: ConnectionArgs,
): Connection<never> {
  new EdgeReader(context, source, args);
  return EMPTY;
}

const EMPTY: Connection<never> = {
  edges: [],
  pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
  totalCount: async () => 0,
};

/** `readConnection` for an operation that does not stream. */
export function readWholeConnection<O extends ListName, T>(
  context: GraphContext,
  source: ListSource<O, T>,
  args: ConnectionArgs,
): Connection<T> | Promise<Connection<T>> {
  const reader = new EdgeReader(context, source, args);
  return reader.readKnown() ? new WholeConnection(reader) : readOn(reader);
}

/** The connection, when all its pages are known already. Throws for wrong arguments. */
export function knownConnection<O extends ListName, T>(
  context: GraphContext,
  source: ListSource<O, T>,
  args: ConnectionArgs,
): Connection<T> | undefined {
  const reader = new EdgeReader(context, source, args);
  return reader.readKnown() ? new WholeConnection(reader) : undefined;
}

async function readOn<O extends ListName, T>(reader: EdgeReader<O, T>): Promise<Connection<T>> {
  await reader.readAll();
  return new WholeConnection(reader);
}

/** `readConnection` for an operation that streams. */
export async function streamConnection<O extends ListName, T>(
  context: GraphContext,
  source: ListSource<O, T>,
  args: ConnectionArgs,
): Promise<StreamedConnection<T>> {
  const reader = new EdgeReader(context, source, args);
  await reader.readPage();
  return new ReadingConnection(reader);
}

/** Of a reader that has read all. Classes, for a tree has many: a closure, or the getter of an object literal, would cost each of them more. */
class WholeConnection<O extends ListName, T> implements Connection<T> {
  readonly edges: Edge<T>[];
  readonly #reader: EdgeReader<O, T>;

  constructor(reader: EdgeReader<O, T>) {
    this.edges = reader.edges;
    this.#reader = reader;
  }

  get pageInfo(): PageInfo {
    return this.#reader.pageInfo;
  }

  totalCount(): Promise<number> {
    return this.#reader.count();
  }
}

/** Of a reader that has read one page at least. */
class ReadingConnection<O extends ListName, T> implements StreamedConnection<T> {
  readonly edges: AsyncIterable<Edge<T>>;
  readonly #reader: EdgeReader<O, T>;

  constructor(reader: EdgeReader<O, T>) {
    this.edges = { [Symbol.asyncIterator]: () => edgesAsRead(reader) };
    this.#reader = reader;
  }

  get pageInfo(): Promise<PageInfo> {
    return this.#reader.readAll().then(() => this.#reader.pageInfo);
  }

  totalCount(): Promise<number> {
    return this.#reader.count();
  }
}

async function* edgesAsRead<O extends ListName, T>(reader: EdgeReader<O, T>): AsyncGenerator<Edge<T>, void, undefined> {
  const { edges } = reader;
  for (let next = 0; ; ) {
    for (; next < edges.length; next += 1) yield edges[next] as Edge<T>;
    if (reader.complete) return;
    await reader.readPage();
  }
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
