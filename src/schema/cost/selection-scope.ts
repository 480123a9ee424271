import type { GraphQLCompositeType } from 'graphql';
import { minKeysToScan } from '../loaders/scan-thresholds.ts';
import type { ConnectionCost } from './connection-cost.ts';
import { type Assumptions, type ListBound, maxItems } from './list-bounds.ts';
import type { ListRule } from './rules.ts';

/** Objects at one level of a tree. */
export interface TreeLevel {
  /** Key of the tree and of the kind of its objects. */
  readonly tree: string;
  readonly level: number;
  /** Maximum number of objects at this level. */
  readonly maxObjects: number;
  /** Maximum number of objects at all levels together. */
  readonly maxTotalObjects: number;
}

/** The objects to which a selection applies. */
export interface SelectionScope {
  readonly path: string;
  readonly count: number;
  /** Number of places in the response, as one object may be in several. */
  readonly places: number;
  /** Whether each object is in one place of the response, and their lists share no items. */
  readonly isDistinct: boolean;
  /** Whether they come from lists of the organization's tree. See `maxDistinctObjects`. */
  readonly isInTree?: boolean | undefined;
  /** Whether they may belong to other organizations. */
  readonly includesOtherOrganizations?: boolean | undefined;
  /** Whether they are read from AWS, as the copy of the organization does not have them. */
  readonly isOutsideCopy?: boolean | undefined;
  /** Position in a tree of the objects (or of the objects whose connections they are); undefined if unknown. */
  readonly treePosition?: { readonly tree: string; readonly level: number } | undefined;
  /** The level of a tree with which these objects' values are counted. */
  readonly treeLevel?: TreeLevel | undefined;
  /** The bound of all items together, if the objects are connections of a tree. */
  readonly totalBound?: ListBound | undefined;
  /** Whether they are edges; otherwise nodes. */
  readonly isEdge?: boolean | undefined;
  /** Members of each object that are known; undefined if all are. */
  readonly knownMembers?: readonly string[] | undefined;
  /** The cost of the connection, if the objects are connections. */
  readonly connection?: ConnectionCost | undefined;
  /** `knownMembers` of the nodes of a connection or an edge. */
  readonly knownItemMembers?: readonly string[] | undefined;
  /** The arguments of the closest enclosing field with `boundsItemsBelow`. */
  readonly argsAbove?: Readonly<Record<string, unknown>> | undefined;
  /** The enclosing connections. */
  readonly lists: readonly { readonly path: string; readonly first: number }[];
}

/** The top of a tree: the root, or any object at an unknown level, whose descendants may also be in another tree. */
export function topOfTree(type: GraphQLCompositeType, path: string): NonNullable<SelectionScope['treePosition']> {
  return { tree: type.name === 'Root' ? 'root' : path, level: 0 };
}

/** The position of a connection's items in a tree. */
export function itemPosition(
  totalBound: ListBound,
  { treePosition }: Pick<SelectionScope, 'treePosition'>,
  maxObjects: number,
  assumptions: Assumptions,
): Pick<SelectionScope, 'treePosition' | 'treeLevel'> {
  // Targets have several types, whose numbers at a level are unknown.
  if (treePosition === undefined || totalBound === 'targets') return { treePosition: undefined, treeLevel: undefined };
  const isUnit = totalBound === 'organizationalUnits';
  const { tree, level } = isUnit ? { ...treePosition, level: treePosition.level + 1 } : treePosition;
  const maxTotalObjects = maxItems(totalBound, assumptions);
  return {
    treePosition: isUnit ? { tree, level } : undefined,
    treeLevel: { tree: `${totalBound} ${tree}`, level, maxObjects, maxTotalObjects },
  };
}

/**
 * Whether a list scan assembles the lists of these objects in a query. Scans need complete objects, and are not used
 * after a cursor.
 */
export const isScanned = (
  { scan }: ListRule,
  { after }: Readonly<Record<string, unknown>>,
  { count, knownMembers }: SelectionScope,
): boolean => scan !== undefined && after == null && knownMembers === undefined && count >= minKeysToScan(scan);
