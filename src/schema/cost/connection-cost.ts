import { peekCursor } from '../cursor.ts';
import { pageSize } from '../loaders/replies.ts';
import { type Assumptions, longest } from './longest.ts';
import { altogetherOf, type ListRule } from './rules.ts';

export interface ConnectionCost {
  /** At most, for all objects together. */
  readonly calls: number;
  /** Items at most, in the connections of all objects together. */
  readonly items: number;
  /** Items at most, in the connection of one object. */
  readonly itemsOfOne: number;
  readonly first: number;
  /**
   * At most, when such connections are read of this many different objects, by however many fields: a page is read once
   * in an operation. Undefined after a cursor, which may lead to pages that no other field reads.
   */
  readonly callsOf?: (differentObjects: number) => number;
}

interface Circumstances extends Assumptions {
  /** How many objects the connection is asked of. */
  readonly objects: number;
  /** Whether the lists are read to their end, to count them. */
  readonly wholeList: boolean;
  /** Whether a list scan assembles the list. */
  readonly isScanned: boolean;
  readonly maxFirst: number;
}

/** What connections cost: pages of 20, as many as `first` takes or the longest list has. */
export function connectionCost(
  list: ListRule,
  args: Readonly<Record<string, unknown>>,
  { objects, wholeList, isScanned, maxFirst, ...assumptions }: Circumstances,
): ConnectionCost {
  const { scan, holders } = list;
  const { first: asked, after } = args;
  const altogether = altogetherOf(list, args);
  const longestList = longest(list.longest, assumptions);
  const first = typeof asked === 'number' && asked >= 1 && asked <= maxFirst ? asked : 0;
  if (first === 0) return { calls: 0, items: 0, itemsOfOne: 0, first };
  const together = altogether === undefined ? Number.POSITIVE_INFINITY : longest(altogether, assumptions);
  const holding = isScanned && holders !== undefined ? longest(holders, assumptions) : Number.POSITIVE_INFINITY;
  const pages = (items: number, differentObjects = objects) => {
    const lists = Math.min(differentObjects, holding);
    return Math.min(
      lists * Math.max(1, Math.ceil(Math.min(items, longestList) / pageSize)),
      lists + Math.ceil(together / pageSize),
    );
  };
  const itemsOfOne = Math.min(first, longestList);
  const counts = { items: Math.min(objects * itemsOfOne, together), itemsOfOne, first };
  if (typeof after !== 'string') {
    const read = wholeList ? longestList : first;
    return { calls: pages(read), callsOf: (differentObjects) => pages(read, differentObjects), ...counts };
  }
  // A cursor may lie within a page, and one of a list that was put together is looked for from the beginning.
  const { index, isAssembled } = peekCursor(after);
  const found = pages(first + pageSize - 1) + (isAssembled ? Math.ceil(index / pageSize) : 0);
  const scanned = isAssembled && scan !== undefined ? Math.ceil(longest('targets', assumptions) / pageSize) : 0;
  return { calls: found + scanned + (wholeList ? pages(longestList) : 0), ...counts };
}
