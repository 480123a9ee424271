import type { GraphQLCompositeType } from 'graphql';
import type { ConnectionCost } from './connection-cost.ts';
import { type Assumptions, type Longest, longest } from './longest.ts';

/** Objects at one level of a tree, each in one place below its parent. */
export interface TreeLevel {
  /** The tree, and which of its objects these are. */
  readonly of: string;
  readonly level: number;
  /** How many there can be at this level. */
  readonly objects: number;
  /** How many there can be at all levels together. */
  readonly together: number;
}

/** The objects that a selection is resolved on. */
export interface Scope {
  readonly path: string;
  readonly count: number;
  /** In how many places of the answer they are: one object may be in several. */
  readonly places: number;
  /** Whether each is in a place of its own, and in lists of theirs there is nothing that another's has too. */
  readonly apart: boolean;
  /** Whether they come from lists of the organization's tree. See `mostDifferentObjects`. */
  readonly inTree?: boolean | undefined;
  /** Where in a tree the objects are, or those whose connections they are; undefined where that is not known. */
  readonly position?: { readonly tree: string; readonly level: number } | undefined;
  /** Whose values the values of these objects are counted with. */
  readonly treeLevel?: TreeLevel | undefined;
  /** What the connections' items are to be counted with, when the objects are connections of a tree. */
  readonly population?: Longest | undefined;
  /** Whether they are edges; otherwise nodes. */
  readonly edges?: boolean | undefined;
  /** Members that are known of each object; undefined when all are. */
  readonly knows?: readonly string[] | undefined;
  /** The connection, when the objects are connections. */
  readonly connection?: ConnectionCost | undefined;
  /** The same as `knows`, of the items that are still to come: of a connection, or of an edge. */
  readonly knowsOfItems?: readonly string[] | undefined;
  /** The connections around them, with their paths. */
  readonly lists: readonly { readonly path: string; readonly first: number }[];
}

/**
 * The objects at the top of a tree: the root, or a unit at a level that is not known, whose units may be those that
 * another tree has too.
 */
export function startOf(type: GraphQLCompositeType, path: string): NonNullable<Scope['position']> {
  return { tree: type.name === 'Root' ? 'root' : path, level: 0 };
}

/** Where the items of a tree's connections are. */
export function itemsInTree(
  population: Longest,
  { position }: Pick<Scope, 'position'>,
  objects: number,
  assumptions: Assumptions,
): Pick<Scope, 'position' | 'treeLevel'> {
  // Items of several kinds: how many of each there are at a level is not known.
  if (position === undefined || population === 'targets') return { position: undefined, treeLevel: undefined };
  const isUnit = population === 'organizationalUnits';
  const { tree, level } = isUnit ? { ...position, level: position.level + 1 } : position;
  const together = longest(population, assumptions);
  return {
    position: isUnit ? { tree, level } : undefined,
    treeLevel: { of: `${population} ${tree}`, level, objects, together },
  };
}
