import type { NodeName } from '../ids.ts';
import type { ScanName } from '../loaders/scan-thresholds.ts';
import type { CopiedData } from './copied.ts';
import type { Assumptions, FullRead, ListBound } from './list-bounds.ts';

type Args = Readonly<Record<string, unknown>>;

/** Limits of the gateway. A field rejects larger arguments without reading anything. */
export interface EstimateLimits {
  /** The largest `first` of a connection, and the maximum number of ids in `nodes(ids:)`. */
  readonly maxFirst: number;
  /** The same where the copy of the organization answers. */
  readonly inventoryMaxFirst?: number | undefined;
}

export interface EstimateSettings extends Assumptions, EstimateLimits {
  /** Introspections with more values are not counted exactly. */
  readonly maxValues: number;
  /** The copy of the organization, if the operation accepts its age. */
  readonly copy?: CopiedData | undefined;
}

/** The maximum upstream cost of a field per object. Each field that can call AWS declares its rule. */
export interface CostRule {
  /** Calls that the field makes itself; connections declare `list` instead. */
  readonly calls?: number;
  /** The name of a read that an operation makes at most once, whichever fields need it. */
  readonly readOnce?: string;
  /** What the field may read of the whole organization, to its end. An operation reads each of them once. */
  readonly fullReads?: (args: Args) => readonly FullRead[];
  /** Members of the object that the field returns. If one of them is not known, the object's Describe call is made. */
  readonly members?: readonly string[];
  /** The object must be the principal's own organization; a reference from elsewhere has to be read to verify it. */
  readonly requiresOwnOrganization?: true;
  /** The types of the objects that the field reads by id, with one Describe call each. */
  readonly typesReadById?: (args: Args, limits: EstimateLimits, above?: Args) => readonly NodeName[];
  /** Their ids, if they are not in the arguments `id` and `ids`. */
  readonly idsReadById?: (args: Args) => readonly unknown[];
  /** Lists that the field reads to their end, besides what it returns. */
  readonly listsRead?: (args: Args, above?: Args) => readonly ListsRead[];
  /** The members of the returned object that are known without a call. Default: all. */
  readonly knownMembers?: readonly string[];
  /**
   * The returned objects may belong to other organizations, so their number has no bound, and a copy may not have them.
   */
  readonly includesOtherOrganizations?: true;
  // `above`: the arguments of the closest enclosing field with `boundsItemsBelow`.
  /** Maximum length of a list that is no connection. */
  readonly items?: number | ((args: Args, limits: EstimateLimits, above: Args | undefined) => number);
  /**
   * Values that the field computes and does not return one by one, such as decisions that it groups. They count as
   * values of the response, so that `limits.values` bounds the work.
   */
  readonly computedValues?: (args: Args, assumptions: Assumptions) => number;
  /** The arguments of the field bound lists below it. */
  readonly boundsItemsBelow?: true;
  /** The list that the connection reads; of a field that is no connection, the list that it reads to its end. */
  readonly list?: ListRule;
  /** The field reads the whole list, whatever `first` is. */
  readonly readsWholeList?: true;
}

export interface ListRule {
  /** Maximum length of one such list. */
  readonly bound: ListBound;
  /** Maximum length of the lists of all objects together; only if lists of different objects share no items. */
  readonly totalBound?: ListBound | ((args: Args) => ListBound | undefined);
  /** How the arguments change what is read. Undefined: as many pages as `first` takes. */
  readonly search?: (args: Args) => ListSearch | undefined;
  /** The list scan that can assemble many such lists. */
  readonly scan?: ScanName;
  /** Maximum number of objects whose list is not empty. A scan finds them, so the others cost nothing. */
  readonly maxHolders?: ListBound;
}

/** Lists of several objects, such as the policies of several targets. */
export interface ListsRead {
  /** The connection with the same lists. */
  readonly field: 'policies' | 'targets';
  readonly list: ListRule;
  /** How many lists the field reads for each object that has it. */
  readonly count: number;
  /** What bounds the number of objects with such lists in the whole operation. Default: targets. */
  readonly maxHolders?: ListBound;
  /** How many such lists an object has, as one of each policy type. Default: 1. */
  readonly variants?: number;
  /** The lists are the same whatever the arguments of the field are. Default: they differ. */
  readonly isSharedByAllArguments?: true;
}

export interface ListSearch {
  /**
   * `all`: the list may be read to its end, whatever `first` is. `none`: the rule counts other reads instead. Default:
   * as many pages as `first` and `maxItems` take.
   */
  readonly pages?: 'all' | 'none';
  /** Maximum number of items that are found. */
  readonly maxItems?: number | undefined;
}

export function totalBoundOf({ totalBound }: ListRule, args: Args): ListBound | undefined {
  return typeof totalBound === 'function' ? totalBound(args) : totalBound;
}

/** The maximum length of a list that is no connection. */
export const itemsOf = (
  { items = 1 }: CostRule,
  args: Args,
  limits: EstimateLimits,
  above: Args | undefined,
): number => (typeof items === 'function' ? items(args, limits, above) : items);

/** The rule as a field's `extensions`. */
export const upstreamCost = (rule: CostRule) => ({ upstreamCost: rule });

/** The extensions of a field that makes no call. */
export const noCalls = upstreamCost({});

export function costRuleOf(extensions: Readonly<Record<string, unknown>> | null | undefined): CostRule | undefined {
  const rule: unknown = extensions?.['upstreamCost'];
  return typeof rule === 'object' && rule !== null ? rule : undefined;
}
