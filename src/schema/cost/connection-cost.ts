import { peekCursor } from '../cursor.ts';
import { pageSize } from '../loaders/replies.ts';
import { type Assumptions, maxItems } from './list-bounds.ts';
import { type ListRule, totalBoundOf } from './rules.ts';

export interface ConnectionCost {
  /** False if the items are found by other reads. */
  readonly isRead: boolean;
  /** Maximum for all objects together. */
  readonly calls: number;
  /** Maximum number of items in the connections of all objects together. */
  readonly items: number;
  /** Maximum number of items in the connection of one object. */
  readonly itemsOfOne: number;
  readonly first: number;
  /**
   * Maximum number of calls for the connections of this many distinct objects, however many fields read them, as an
   * operation reads each page once. Undefined after a cursor, whose pages no other field may share.
   */
  readonly callsOf?: (distinctObjects: number) => number;
}

interface ConnectionSelection extends Assumptions {
  /** Number of objects with the connection. */
  readonly objects: number;
  /** Whether the lists are read to their end, for `totalCount`. */
  readonly wholeList: boolean;
  /** Whether a list scan assembles the list. */
  readonly isScanned: boolean;
  readonly maxFirst: number;
}

/** Estimates connections: pages of 20 items, until `first` or the longest possible list is reached. */
export function connectionCost(
  list: ListRule,
  args: Readonly<Record<string, unknown>>,
  { objects, wholeList, isScanned, maxFirst, ...assumptions }: ConnectionSelection,
): ConnectionCost {
  const { scan, maxHolders } = list;
  const { first: asked, after } = args;
  const totalBound = totalBoundOf(list, args);
  const longestList = maxItems(list.bound, assumptions);
  const first = typeof asked === 'number' && asked >= 1 && asked <= maxFirst ? asked : 0;
  if (first === 0) return { isRead: false, calls: 0, items: 0, itemsOfOne: 0, first };
  const search = list.search?.(args);
  const together = totalBound === undefined ? Number.POSITIVE_INFINITY : maxItems(totalBound, assumptions);
  const holding = isScanned && maxHolders !== undefined ? maxItems(maxHolders, assumptions) : Number.POSITIVE_INFINITY;
  const pages = (items: number, distinctObjects = objects) => {
    const lists = Math.min(distinctObjects, holding);
    return Math.min(
      lists * Math.max(1, Math.ceil(Math.min(items, longestList) / pageSize)),
      lists + Math.ceil(together / pageSize),
    );
  };
  const itemsOfOne = Math.min(first, longestList, search?.maxItems ?? longestList);
  const isRead = search?.pages !== 'none';
  const counts = { isRead, items: Math.min(objects * itemsOfOne, together), itemsOfOne, first };
  if (!isRead) return { calls: 0, ...counts };
  if (typeof after !== 'string' || search?.pages === 'all') {
    const read = wholeList || search?.pages === 'all' ? longestList : first;
    return { calls: pages(read), callsOf: (distinctObjects) => pages(read, distinctObjects), ...counts };
  }
  // A cursor may lie within a page; the cursor of an assembled list is searched from the beginning.
  const { index, isAssembled } = peekCursor(after);
  const found = pages(first + pageSize - 1) + (isAssembled ? Math.ceil(index / pageSize) : 0);
  const scanned = isAssembled && scan !== undefined ? Math.ceil(maxItems('targets', assumptions) / pageSize) : 0;
  return { calls: found + scanned + (wholeList ? pages(longestList) : 0), ...counts };
}
