import type { NodeName } from '../ids.ts';
import type { ScanKind } from '../loaders/scan-kinds.ts';
import type { Longest } from './longest.ts';

type Args = Readonly<Record<string, unknown>>;

/** Limits of the gateway. The field rejects a longer list of arguments, so nothing is read for it. */
export interface Allowed {
  /** The largest `first` of a connection, and the most ids at once. */
  readonly maxFirst: number;
}

/** The maximum upstream cost of a field, for each object that it is resolved on. Every field that can call upstream declares it. */
export interface CostRule {
  /** Calls of its own; for a connection, those are `list`'s. */
  readonly calls?: number;
  /** A read whose request is the same wherever it is asked for: it costs one call in the whole operation. */
  readonly once?: string;
  /** Members of its object that it needs: what is not known of the object costs the one call that tells all. */
  readonly members?: readonly string[];
  /** The object must be the principal's own organization; a reference from elsewhere has to be read to verify it. */
  readonly own?: true;
  /** The objects that it reads by their ids: one Describe call each. */
  readonly loads?: (args: Args, allowed: Allowed) => readonly NodeName[];
  /** Which members of what it gives are known then. All of them when left out. */
  readonly knows?: readonly string[];
  /** What it gives may belong to other organizations: there may be as many as it is asked of, whatever the type. */
  readonly foreign?: true;
  /** How many objects a plain list has at most. */
  readonly items?: number | ((args: Args, allowed: Allowed) => number);
  /** What its connection is read from. */
  readonly list?: ListRule;
  /** It needs the whole list, whatever `first` is. */
  readonly wholeList?: true;
}

export interface ListRule {
  /** The most items that one such list can have. */
  readonly longest: Longest;
  /** Lists of different objects have no item in common: the most items that all of them have together. */
  readonly altogether?: Longest | ((args: Args) => Longest);
  /** The kind of list scan that may assemble many such lists together. */
  readonly scan?: ScanKind;
  /** How many objects at most have any such list to read, where the scan has found out which. */
  readonly holders?: Longest;
}

export function altogetherOf({ altogether }: ListRule, args: Args): Longest | undefined {
  return typeof altogether === 'function' ? altogether(args) : altogether;
}

/** For a field's `extensions`. */
export const costs = (upstreamCost: CostRule) => ({ upstreamCost });

/** A field that is resolved from what the operation or its object knows already. */
export const free = costs({});

export function costRuleOf(extensions: Readonly<Record<string, unknown>> | null | undefined): CostRule | undefined {
  const rule: unknown = extensions?.['upstreamCost'];
  return typeof rule === 'object' && rule !== null ? rule : undefined;
}
