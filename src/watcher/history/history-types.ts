import type { WallMs } from '../../upstream/index.ts';
import type { LogOffset } from '../log-offset.ts';
import type { MemberChange } from '../member-change.ts';

export type ChangedType =
  | 'ORGANIZATION'
  | 'ROOT'
  | 'ACCOUNT'
  | 'ORGANIZATIONAL_UNIT'
  | 'POLICY'
  | 'POLICY_ATTACHMENT'
  | 'DELEGATED_ADMINISTRATOR'
  | 'ENABLED_SERVICE'
  | 'RESOURCE_POLICY'
  | 'TAG'
  | 'HANDSHAKE'
  | 'RESPONSIBILITY_TRANSFER'
  | 'CREATE_ACCOUNT_STATUS';

export type ChangeKind = 'ADDED' | 'CHANGED' | 'REMOVED';

/** GATEWAY: a write through this or another replica. HINT: found because of an event. POLL: found by polling. */
export type ChangeSource = 'GATEWAY' | 'HINT' | 'POLL';

/** Why a change was found. */
export interface ChangeCause {
  readonly source: ChangeSource;
  /** The caller of the write. */
  readonly caller?: string | undefined;
  /** AWS's id of the write's request. */
  readonly requestId?: string | undefined;
}

/** A change as it is stored. */
export interface HistoryChange {
  readonly at: WallMs;
  readonly kind: ChangeKind;
  readonly type: ChangedType;
  readonly objectId: string;
  /** Further objects in whose history it is: the policy of an attachment. */
  readonly relatedIds?: readonly string[] | undefined;
  /** Its name at the time. */
  readonly objectName?: string | undefined;
  readonly members: readonly MemberChange[];
  readonly source: ChangeSource;
  readonly caller?: string | undefined;
  readonly requestId?: string | undefined;
}

/** The objects in whose history a change is. */
export const objectIdsOf = ({ objectId, relatedIds = [] }: HistoryChange): readonly string[] => [
  ...new Set([objectId, ...relatedIds]),
];

/** A stored change. Its `at` is never earlier than that of the entry before it. */
export interface HistoryEntry extends HistoryChange {
  /** `<ms>-<number in the ms>`: the place in the history. */
  readonly id: string;
}

/** Changes that are not in the history. */
export interface HistoryGap {
  readonly since: WallMs;
  readonly until: WallMs;
  /** Undefined: of any object. */
  readonly objectId?: string | undefined;
  /** Undefined if it is not known. */
  readonly missing?: number | undefined;
}

/** The next changes of one list. */
export interface HistoryBatch {
  readonly list: string;
  /** Where the history of the list ends; undefined if the list has none. */
  readonly before: LogOffset | undefined;
  readonly after: LogOffset;
  readonly changes: readonly HistoryChange[];
  /** Changes before these that are lost. */
  readonly gap?: HistoryGap | undefined;
}

export interface HistoryRange {
  /** Only changes in the history of one of these objects. */
  readonly objectIds?: readonly string[] | undefined;
  /** Only entries before this one. */
  readonly before?: string | undefined;
  /** Only changes of this time or later. */
  readonly since?: WallMs | undefined;
  /** Only changes of this time or earlier. */
  readonly until?: WallMs | undefined;
  readonly limit: number;
}

/** What a reader needs of the history of one organization. */
export interface HistoryReader {
  /** Entries in a range, the newest first, at most `limit`; fewer only if the range has no more. */
  read(range: HistoryRange): Promise<readonly HistoryEntry[]>;
  /** The gaps that overlap a period, the newest first, at most `maxGaps`. */
  gaps(since: WallMs, until: WallMs, objectIds: readonly string[] | undefined): Promise<readonly HistoryGap[]>;
}

/** Stores the history of one organization. All methods reject when it is unreachable. */
export interface HistoryStore extends HistoryReader {
  /** Where the history of a list ends; undefined if it has none. */
  offset(list: string): Promise<LogOffset | undefined>;
  /**
   * Stores a batch atomically. Returns false, and stores nothing, unless the history of the list ends at `before`. A
   * batch that was stored already is not stored again.
   */
  append(batch: HistoryBatch): Promise<boolean>;
  close(): void;
}

/** Whether changes of one of these objects may be missing. */
export const isGapOf = (
  { objectId }: Pick<HistoryGap, 'objectId'>,
  objectIds: readonly string[] | undefined,
): boolean => objectId === undefined || objectIds?.includes(objectId) !== false;

/** The maximum number of gaps that a reader gets. */
export const maxGaps = 100;
/** The maximum number of stored gaps that one read looks at. */
export const maxGapsRead = 2_000;
/** Further changes of an object on one day are counted and not stored. */
export const maxChangesPerObjectAndDay = 200;
/** Further changes on one day are counted and not stored. */
export const maxChangesPerDay = 100_000;
/** The maximum number of changes in a batch. */
export const maxBatchChanges = 200;

export const dayMs = 86_400_000;
export const dayOf = (at: WallMs): number => Math.floor(at / dayMs);

/** Expired entries are deleted this often, in ms. */
export const expiryIntervalMs = 3_600_000;
