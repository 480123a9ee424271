import { isInventoryCursor, peekCursor } from '../cursor.ts';
import { pageSize } from '../loaders/replies.ts';
import { type Assumptions, hasQuota, type ListBound, maxItems } from './list-bounds.ts';
import { type ListRule, type ListsRead, totalBoundOf } from './rules.ts';

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
  /** What bounds the items of all objects together; undefined if nothing does. */
  readonly totalBound: ListBound | undefined;
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
  readonly readsWholeList: boolean;
  /** Whether a list scan assembles the list. */
  readonly isScanned: boolean;
  readonly maxFirst: number;
  /** The largest `first` if the copy of the organization answers. */
  readonly inventoryMaxFirst?: number | undefined;
  /** The length of the list in the copy that answers it; undefined if AWS does. */
  readonly copiedLength?: number | undefined;
}

/** Estimates connections: pages of 20 items, until `first` or the longest possible list is reached. */
export function connectionCost(
  list: ListRule,
  args: Readonly<Record<string, unknown>>,
  selection: ConnectionSelection,
): ConnectionCost {
  const { scan, maxHolders } = list;
  const { first: asked, after } = args;
  const continuesInCopy = typeof after === 'string' && isInventoryCursor(after);
  if (continuesInCopy || (after == null && selection.copiedLength !== undefined))
    return copiedConnectionCost(list, args, selection);
  const { objects, readsWholeList, isScanned, maxFirst, ...assumptions } = selection;
  const totalBound = totalBoundOf(list, args);
  const longestList = maxItems(list.bound, assumptions);
  const first = typeof asked === 'number' && asked >= 1 && asked <= maxFirst ? asked : 0;
  if (first === 0) return { isRead: false, calls: 0, items: 0, itemsOfOne: 0, first, totalBound };
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
  const found = search?.maxItems ?? longestList;
  const itemsOfOne = Math.min(first, longestList, found);
  const isRead = search?.pages !== 'none';
  const counts = { isRead, items: Math.min(objects * itemsOfOne, together), itemsOfOne, first, totalBound };
  if (!isRead) return { calls: 0, ...counts };
  if (typeof after !== 'string' || search?.pages === 'all') {
    const read = search?.pages === 'all' ? longestList : Math.min(found, readsWholeList ? longestList : first);
    return { calls: pages(read), callsOf: (distinctObjects) => pages(read, distinctObjects), ...counts };
  }
  // A cursor may lie within a page; the cursor of an assembled list is searched from the beginning.
  const { index, isAssembled } = peekCursor(after);
  const continued = pages(first + pageSize - 1) + (isAssembled ? Math.ceil(index / pageSize) : 0);
  const scanned = isAssembled && scan !== undefined ? Math.ceil(maxItems('targets', assumptions) / pageSize) : 0;
  return { calls: continued + scanned + (readsWholeList ? pages(longestList) : 0), ...counts };
}

/** A connection that the copy answers, without a call. Its real length takes the place of assumptions. */
function copiedConnectionCost(
  list: ListRule,
  args: Readonly<Record<string, unknown>>,
  {
    objects,
    maxFirst,
    inventoryMaxFirst = maxFirst,
    copiedLength = Number.POSITIVE_INFINITY,
    ...assumptions
  }: ConnectionSelection,
): ConnectionCost {
  const { first: asked } = args;
  const first = typeof asked === 'number' && asked >= 1 && asked <= inventoryMaxFirst ? asked : 0;
  const quota = hasQuota(list.bound) ? maxItems(list.bound, assumptions) : Number.POSITIVE_INFINITY;
  const itemsOfOne = Math.min(first, copiedLength, quota);
  // Behind a cursor of the copy its length is unknown if the operation does not accept its age.
  const totalBound = Number.isFinite(copiedLength) ? totalBoundOf(list, args) : undefined;
  const items = Math.min(objects * itemsOfOne, totalBound === undefined ? Number.POSITIVE_INFINITY : copiedLength);
  return { isRead: false, calls: 0, items, itemsOfOne, first, totalBound };
}

/**
 * Estimates lists that a field reads to their end, and those of all fields together, as an operation reads each once.
 */
export function listsReadCost(
  { list, maxHolders = 'targets', variants = 1 }: ListsRead,
  selection: Assumptions & Pick<ConnectionSelection, 'objects' | 'isScanned' | 'maxFirst'>,
): Readonly<Record<'calls' | 'maxCalls' | 'objects' | 'maxObjects', number>> {
  const { objects } = selection;
  const maxObjects = maxItems(maxHolders, selection) * variants;
  const { calls, callsOf } = connectionCost(list, { first: 1 }, { readsWholeList: true, ...selection });
  return { calls, maxCalls: callsOf?.(maxObjects) ?? calls, objects, maxObjects };
}
