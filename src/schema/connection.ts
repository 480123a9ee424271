import { type ExceptionName, type ListName, UpstreamError } from '../upstream/index.ts';
import { builder } from './builder.ts';
import { type ConnectionArgs, defaultFirst } from './connection-args.ts';
import { ConnectionReader, type ListSource } from './connection-reader.ts';
import type { GraphContext } from './context.ts';
import { copiedConnection } from './copied-connection.ts';
import { upstreamCost } from './cost/rules.ts';
import type { Edge, PageInfo } from './edges.ts';
import { pageSize } from './loaders/replies.ts';

export type { ConnectionArgs } from './connection-args.ts';
export type { ListSource } from './connection-reader.ts';

/** A connection with all its edges. */
export interface Connection<T> {
  readonly edges: readonly Edge<T>[];
  readonly pageInfo: PageInfo;
  /** Without a promise if the whole list is in memory. */
  totalCount(): number | Promise<number>;
}

/** A connection with its first page. It emits further edges as they are read, and its page info once all are read. */
export interface StreamedConnection<T> {
  readonly edges: AsyncIterable<Edge<T>>;
  /** Reads the remaining pages. */
  readonly pageInfo: Promise<PageInfo>;
  totalCount(): Promise<number>;
}

/**
 * Maps Relay's `first` and `after` to pages of AWS and their NextToken (connection-reader.ts). Reads as many pages as
 * `first` needs, skips empty ones, and returns without a promise if the session knows all of them. With `@stream`, it
 * resolves with the first page, so that invalid arguments and rejected calls are errors of the connection itself.
 * @throws GraphQLError BAD_USER_INPUT for a `first` out of range, INVALID_CURSOR for a cursor that is of another list,
 *   changed or expired (synchronously, or the promise rejects).
 * @throws UpstreamError if a page cannot be read (the promise rejects).
 */
export function readConnection<O extends ListName, T>(
  context: GraphContext,
  source: ListSource<O, T>,
  args: ConnectionArgs,
): Connection<T> | Promise<Connection<T> | StreamedConnection<T>> {
  const copied = copiedConnection(context, source, args);
  if (copied !== undefined) return copied;
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

/** Returns an empty connection if AWS replies with `exception`, as some operations do instead of an empty list. */
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

/** Returns an empty connection without a call. Throws for invalid arguments, as `readConnection` does. */
export function emptyConnection<O extends ListName, T>(
  context: GraphContext,
  source: ListSource<O, T>,
  args: ConnectionArgs,
): Connection<never> {
  if (copiedConnection(context, source, args) === undefined) new ConnectionReader(context, source, args);
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
    extensions: upstreamCost({ readsWholeList: true }),
    resolve: (connection) => connection.totalCount(),
  }),
);

/** The arguments of every connection. NextToken leads forward only, so `last` and `before` do not exist. */
export const connectionArgs = builder.args((t) => ({
  first: t.int({
    defaultValue: defaultFirst,
    description: `How many items at most, from 1 to the gateway's maximum. AWS returns ${pageSize} per call.`,
  }),
  after: t.string({ description: "An edge's cursor: returns the items after it." }),
}));
