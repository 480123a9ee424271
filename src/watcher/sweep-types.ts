import type { CompletedWrite, OperationName, UncertainWrite, UpstreamSession, WallMs } from '../upstream/index.ts';
import type { ChangeCause } from './history/history-types.ts';
import type { KeepOptions, KeptListName, KeptObjects } from './kept-types.ts';
import type { Kind } from './kinds.ts';
import type { Hint } from './types.ts';

export interface SweepPage<T> {
  readonly objects: readonly T[];
  /** The token of the next page; undefined on the last. */
  readonly nextToken: string | undefined;
}

/**
 * A complete read of a part of a list, page by page: all accounts, the units of one parent, the targets of one policy,
 * the tags of one resource, one described object. A page proves that its objects exist. An object of the part that no
 * page has shown may be gone.
 */
export interface PartialRead<T> {
  /** Identifies the part within the list. */
  readonly key: string;
  /** The operation that most of its pages call, and whose rate limit they share. */
  readonly operation: OperationName;
  /** The operation that the page of this token calls. Default: `operation`. */
  operationOf?(token: string | undefined): OperationName;
  /** Which known objects the part contains. `section`: those with this `Sweep.sectionOf`. */
  readonly contains:
    | { readonly section: string }
    | { readonly ids: readonly string[] }
    | { matches(object: T): boolean };
  /** Reads one page, with one call. Rejects with an `UpstreamError`; "not found" is an empty page. */
  read(session: UpstreamSession, token: string | undefined): Promise<SweepPage<T>>;
}

/** The published objects of other lists of the same copy; empty before their first page. */
export interface KnownLists {
  objects<L extends KeptListName>(list: L): ReadonlyMap<string, { readonly object: KeptObjects[L] }>;
  /** Whether the list has been read completely. */
  isComplete(list: KeptListName): boolean;
  /** Whether AWS refuses the list, so that it may never be complete. */
  isRefused?(list: KeptListName): boolean;
}

/** How a list of the copy is read. */
export interface Sweep<T> {
  readonly list: KeptListName;
  readonly kind: Kind<T>;
  /** The lists whose objects determine the parts. The sweep is complete only after they are. */
  readonly dependsOn: readonly KeptListName[];
  /**
   * The parts that together are the whole list, in the order to read them. Called again while a sweep goes on: objects
   * found meanwhile add parts.
   */
  parts(lists: KnownLists): Iterable<PartialRead<T>>;
  /** The part that belongs to an object of another list, or to a policy type; undefined if there is none. */
  partOf?(id: string, lists: KnownLists): PartialRead<T> | undefined;
  sectionOf(object: T): string;
  /** Returns an object of a reply with what other reads have shown of it. Default: the object. */
  complete?(object: T, known: T): T;
  /** The read that proves whether a missing object is gone; undefined if a second complete read of its part does. */
  confirm(object: T, lists: KnownLists): PartialRead<T> | undefined;
  /**
   * Whether the object that this one depends on (a tag's resource) is gone from the known lists. Then it is removed
   * without a confirmation. Ask it of an object that its part no longer shows, and when an object that it may depend on
   * is removed: a page may show a dependent object before the other list shows a new one.
   */
  isOrphan?(object: T, lists: KnownLists): boolean;
  /** Parts that the sweep reads only once, unless a hint or a write requests them (contents of AWS's own policies). */
  isReadOnce?(part: PartialRead<T>, lists: KnownLists): boolean;
}

/** What the state of a list needs to apply what its reads show. */
export type ObjectRules<T> = Pick<Sweep<T>, 'kind' | 'sectionOf' | 'complete'>;

/** Reads that an event or an own write makes necessary, in one list of the copy. */
export interface RequestedRead<T = unknown> {
  readonly list: KeptListName;
  /** The whole list if undefined. */
  readonly part: PartialRead<T> | undefined;
}

/**
 * A write of the principal, by this process or another one that shares the logs. Without an output if AWS may or may
 * not have carried it out.
 */
export type KeptWrite =
  | Pick<CompletedWrite, 'operation' | 'input' | 'output'>
  | Pick<UncertainWrite, 'operation' | 'input' | 'output'>;

/** A write of the principal, with an id that is the same in all processes. */
export type IdentifiedWrite = KeptWrite & {
  readonly id: string;
  /** When the call was sent, on the wall clock of the process that sent it. */
  readonly sentOn: WallMs;
  readonly cause?: ChangeCause | undefined;
};

/** What a write changes in the copy. All of it is verified by `reads` once AWS's lists have settled. */
export interface KeptEffects {
  readonly puts: readonly KeptPut[];
  readonly deletes: readonly { readonly list: KeptListName; readonly id: string }[];
  /**
   * The lists that they name may have changed in a way that only these reads show, unless it is in `puts` or `deletes`.
   */
  readonly reads: readonly RequestedRead[];
}

/** A new or changed object of a list. */
export type KeptPut = { [L in KeptListName]: { readonly list: L; readonly object: KeptObjects[L] } }[KeptListName];

/** How AWS's lists are read, and what writes and events mean for them. */
export interface KeptSources {
  /** The lists that are read in parts, in the order to read them. The five watched lists are not among them. */
  sweeps(options: KeepOptions): readonly Sweep<unknown>[];
  /** Undefined if the write changes nothing in the copy. */
  effectsOf(write: KeptWrite, lists: KnownLists): KeptEffects | undefined;
  readsOfHint(hint: Hint, lists: KnownLists): readonly RequestedRead[];
}
