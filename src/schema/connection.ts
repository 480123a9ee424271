import { type ExceptionName, type ListName, UpstreamError } from '../upstream/index.ts';
import { builder } from './builder.ts';
import {
  type ConnectionArgs,
  ConnectionReader,
  defaultFirst,
  type Edge,
  type ListSource,
  type PageInfo,
} from './connection-reader.ts';
import type { GraphContext } from './context.ts';
import { upstreamCost } from './cost/rules.ts';
import { pageSize } from './loaders/replies.ts';

export type { ConnectionArgs, ListSource } from './connection-reader.ts';

/** A connection whose edges are all there. */
export type Connection<T> = Pick<ConnectionReader<ListName, T>, 'edges' | 'pageInfo' | 'totalCount'>;

/** A connection of which the first page is there: its edges come as they are read, its page info when all are. */
export interface StreamedConnection<T> {
  readonly edges: AsyncIterable<Edge<T>>;
  /** Reads the remaining pages on demand. */
  readonly pageInfo: Promise<PageInfo>;
  totalCount(): Promise<number>;
}

/**
 * The one place where Relay's `first` and `after` meet AWS's NextToken. Reads as many upstream pages as `first` takes,
 * skips empty ones, and reads none twice; returns at once if the session knows all of them. When the operation streams
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
  const reader = new ConnectionReader(context, source, args);
  if (context.streams) return readFirstPage(reader);
  return reader.readKnown() ? reader : readAll(reader);
}

async function readAll<O extends ListName, T>(reader: ConnectionReader<O, T>): Promise<Connection<T>> {
  await reader.assemble();
  await reader.readAll();
  return reader;
}

async function readFirstPage<O extends ListName, T>(
  reader: ConnectionReader<O, T>,
): Promise<Connection<T> | StreamedConnection<T>> {
  await reader.assemble();
  if (reader.isComplete) return reader;
  await reader.readPage();
  return new ReadingConnection(reader);
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
  new ConnectionReader(context, source, args);
  return EMPTY;
}

const EMPTY: Connection<never> = {
  edges: [],
  pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
  totalCount: async () => 0,
};

/** The connection of a reader that has read at least one page. */
class ReadingConnection<O extends ListName, T> implements StreamedConnection<T> {
  readonly edges: AsyncIterable<Edge<T>>;
  readonly #reader: ConnectionReader<O, T>;

  constructor(reader: ConnectionReader<O, T>) {
    this.edges = { [Symbol.asyncIterator]: () => edgesAsRead(reader) };
    this.#reader = reader;
  }

  get pageInfo(): Promise<PageInfo> {
    return this.#reader.readAll().then(() => this.#reader.pageInfo);
  }

  totalCount(): Promise<number> {
    return this.#reader.totalCount();
  }
}

async function* edgesAsRead<O extends ListName, T>(
  reader: ConnectionReader<O, T>,
): AsyncGenerator<Edge<T>, void, undefined> {
  const { edges } = reader;
  for (let next = 0; ; ) {
    for (; next < edges.length; next += 1) yield edges[next] as Edge<T>;
    if (reader.isComplete) return;
    await reader.readPage();
  }
}

builder.globalConnectionField('totalCount', (t) =>
  t.int({
    nullable: false,
    description: 'How many items the whole list has. AWS does not count: this field reads the list to its end.',
    extensions: upstreamCost({ wholeList: true }),
    resolve: (connection) => connection.totalCount(),
  }),
);

/** The arguments of every connection. There is no way backward in NextToken, so `last` and `before` do not exist. */
export const connectionArgs = builder.args((t) => ({
  first: t.int({
    defaultValue: defaultFirst,
    description: `How many items at most, from 1 to the gateway's maximum. AWS returns ${pageSize} per call.`,
  }),
  after: t.string({ description: "An edge's cursor: returns the items after it." }),
}));
