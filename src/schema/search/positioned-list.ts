import { type ItemOrder, indexAt, positionOf } from '../../inventory/orders.ts';
import type { OrderPosition } from '../../inventory/types.ts';
import type { Item, ListName } from '../../upstream/index.ts';
import { type Connection, readConnection } from '../connection.ts';
import { type ConnectionArgs, checkFirst } from '../connection-args.ts';
import type { ListSource } from '../connection-reader.ts';
import type { GraphContext } from '../context.ts';
import { copiedConnection } from '../copied-connection.ts';
import { decodeCursor, encodeCursor, listFingerprint } from '../cursor.ts';
import { type Edge, EdgesPageInfo } from '../edges.ts';
import { readAllItems } from '../loaders/replies.ts';

/** A list in an order of the gateway, which AWS does not know. */
export interface PositionedList<I, T> {
  /** What the list is read from. Its cursors are valid for the same request and conditions only. */
  readonly request: { readonly operation: ListName; readonly input: object };
  /** The conditions and the order as text. */
  readonly conditions: string;
  /** Reads at most `first` items behind a position, whether or not an item is still there. */
  read(after: OrderPosition | undefined, first: number): Promise<PositionedItems<I>>;
  /** Counts all items. */
  count(): Promise<number>;
  positionOf(item: I): OrderPosition;
  node(item: I): T;
}

export interface PositionedItems<I> {
  readonly items: readonly I[];
  /** Whether there may be more behind them. */
  readonly hasNextPage: boolean;
}

/**
 * Reads a connection whose cursors are positions in the order of the list, so that they continue in a list that is read
 * anew.
 * @throws GraphQLError BAD_USER_INPUT for a `first` out of range, INVALID_CURSOR for a cursor from elsewhere or changed
 * (at once).
 * @throws UpstreamError when the list cannot be read (by rejecting).
 */
export function readPositionedList<I, T>(
  context: GraphContext,
  list: PositionedList<I, T>,
  args: ConnectionArgs,
): Promise<Connection<T>> {
  const { cursorKey } = context.settings;
  const { request, conditions } = list;
  const first = checkFirst(args, context, 'AWS');
  const fingerprint = listFingerprint(context.principal.name, request.operation, request.input, conditions);
  const after = args.after ?? null;
  const start = after === null ? undefined : toPosition(decodeCursor(cursorKey, fingerprint, after).key);
  const edgeOf = (item: I): Edge<T> => ({
    node: list.node(item),
    get cursor() {
      const { key, id } = list.positionOf(item);
      return encodeCursor(cursorKey, fingerprint, { token: undefined, index: 0, key: JSON.stringify([key, id]) });
    },
  });
  return list.read(start, first).then(({ items, hasNextPage }) => {
    const edges = items.map(edgeOf);
    const pageInfo = new EdgesPageInfo(edges, hasNextPage, after);
    return { edges, pageInfo, totalCount: () => list.count() };
  });
}

/** Only the gateway signs cursors, so the text is its own. */
function toPosition(text: string | undefined): OrderPosition | undefined {
  if (text === undefined) return undefined;
  const [key, id] = JSON.parse(text) as [string | number, string];
  return { key, id };
}

/** Conditions and order as text. */
export const searchKey = (filter: { readonly key: string } | undefined, order: { readonly name: string } | undefined) =>
  JSON.stringify([filter?.key, order?.name]);

/** Reads a list that is sorted by the gateway, of which AWS must return all items first. */
export function createSortedList<I>(
  order: ItemOrder<I>,
  readAll: () => Promise<readonly I[]>,
): Pick<PositionedList<I, never>, 'read' | 'count' | 'positionOf'> {
  let sorting: Promise<readonly I[]> | undefined;
  const load = () => {
    sorting ??= readAll().then((items) =>
      // AWS's pages may show an item twice.
      items
        .toSorted(order.compare)
        .filter((item, index, all) => index === 0 || order.compare(item, all[index - 1] as I) !== 0),
    );
    return sorting;
  };
  return {
    async read(after, first) {
      const all = await load();
      const start = after === undefined ? 0 : indexAfter(all, order, after);
      return { items: all.slice(start, start + first), hasNextPage: start + first < all.length };
    },
    count: async () => (await load()).length,
    positionOf: (item) => positionOf(order, item),
  };
}

/** The index of the first item behind a position, whether or not an item is still there. */
export function indexAfter<I>(items: readonly I[], order: ItemOrder<I>, position: OrderPosition): number {
  const index = indexAt(items, order, position);
  const item = items[index];
  return item !== undefined && order.id(item) === position.id && order.compareKeys(order.key(item), position.key) === 0
    ? index + 1
    : index;
}

/**
 * Reads a list from the copy of the organization, or from AWS: as far as `first` takes, or with an order to its end.
 */
export function readList<O extends ListName, T>(
  context: GraphContext,
  source: ListSource<O, T>,
  order: ItemOrder<Item<O>> | undefined,
  args: ConnectionArgs,
) {
  if (order === undefined) return readConnection(context, source, args);
  const copied = copiedConnection(context, source, args);
  if (copied !== undefined) return copied;
  const { operation, input, filter, node, assemble } = source;
  const readAll = async () => (await assemble?.(false)) ?? (await readAllItems(context, source));
  const list: PositionedList<Item<O>, T> = {
    request: { operation, input },
    conditions: searchKey(filter, order),
    node,
    ...createSortedList(order, readAll),
  };
  return readPositionedList(context, list, args);
}
