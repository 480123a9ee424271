import type { aws, Input, Item, ListName, Output, ReadName, WallMs } from '../upstream/index.ts';
import type {
  ChangedType,
  ChangeKind,
  ChangeSource,
  HistoryEntry,
  HistoryGap,
} from '../watcher/history/history-types.ts';
import type { KeptListName, KeptState } from '../watcher/kept-types.ts';

/** How old data an operation accepts. */
export interface Freshness {
  /** In ms; undefined if the client accepts only what a read without options returns. */
  readonly maxAgeMs: number | undefined;
  /** AWS must not be called. */
  readonly onlyIfCached: boolean;
  /** Only AWS's own replies are accepted. */
  readonly noCache: boolean;
}

/** Data of the copy. */
export interface Dated<T> {
  readonly value: T;
  /** When the oldest read that it consists of began. */
  readonly asOf: WallMs;
}

/** The place of an item in an ordered list: its key and, among equal keys, its id. */
export interface OrderPosition {
  readonly key: string | number;
  readonly id: string;
}

/** A filtered and ordered list of the copy. */
export interface CopiedList<T> {
  /** The id of the organization: a cursor of another one has expired. */
  readonly epoch: string;
  readonly asOf: WallMs;
  readonly length: number;
  /** At most `first` items after a position, whether or not an item is still there. */
  after(position: OrderPosition | undefined, first: number): readonly T[];
  positionOf(item: T): OrderPosition;
}

export interface TagCondition {
  readonly key: string;
  readonly values?: readonly string[] | null | undefined;
  readonly exists?: boolean | null | undefined;
}

/** `applies`: attached to the account, or to the root or a unit above it. */
export interface PolicyCondition {
  readonly id: string;
  readonly applies: boolean;
}

/** The conditions of AccountFilter in the schema; all must hold. Text is compared without case, after Unicode NFC. */
export interface AccountFilter {
  readonly ids?: readonly string[] | null | undefined;
  readonly text?: string | null | undefined;
  readonly nameContains?: string | null | undefined;
  readonly emailContains?: string | null | undefined;
  readonly states?: readonly string[] | null | undefined;
  readonly joinedMethod?: string | null | undefined;
  readonly joinedSince?: Date | null | undefined;
  readonly joinedUntil?: Date | null | undefined;
  readonly under?: string | null | undefined;
  readonly tags?: readonly TagCondition[] | null | undefined;
  readonly policy?: PolicyCondition | null | undefined;
}

export interface OrganizationalUnitFilter {
  readonly nameContains?: string | null | undefined;
  readonly under?: string | null | undefined;
  readonly tags?: readonly TagCondition[] | null | undefined;
}

export interface HandshakeFilter {
  readonly actionType?: string | null | undefined;
  readonly parentHandshakeId?: string | null | undefined;
  readonly states?: readonly string[] | null | undefined;
  readonly text?: string | null | undefined;
  readonly expiresBefore?: Date | null | undefined;
}

export interface ResponsibilityTransferFilter {
  readonly statuses?: readonly string[] | null | undefined;
  readonly text?: string | null | undefined;
  /** `2026-12` */
  readonly startsInMonth?: string | null | undefined;
  readonly endsInMonth?: string | null | undefined;
  readonly billedInMonth?: string | null | undefined;
}

/** The conditions of HistoryFilter in the schema; all must hold. */
export interface HistoryFilter {
  readonly objectIds?: readonly string[] | null | undefined;
  readonly types?: readonly ChangedType[] | null | undefined;
  readonly kinds?: readonly ChangeKind[] | null | undefined;
  readonly text?: string | null | undefined;
  readonly sources?: readonly ChangeSource[] | null | undefined;
  readonly callers?: readonly string[] | null | undefined;
  readonly since?: Date | null | undefined;
  readonly until?: Date | null | undefined;
}

export interface HistoryQuery {
  readonly filter: HistoryFilter;
  readonly first: number;
  /** The `end` of the page before. */
  readonly after?: string | undefined;
}

export interface HistoryPage {
  /** The newest first. */
  readonly entries: readonly HistoryEntry[];
  /** Whether there may be more. A page may have fewer than `first` entries although there are. */
  readonly hasMore: boolean;
  /** Where the next page begins; undefined for an empty history. */
  readonly end: string | undefined;
}

export interface Order<F extends string> {
  readonly field: F;
  readonly direction: 'ASC' | 'DESC';
}
export type AccountOrder = Order<'NAME' | 'EMAIL' | 'ID' | 'JOINED' | 'STATE'>;
export type HandshakeOrder = Order<'EXPIRES' | 'REQUESTED'>;

/** The policies of one root, organizational unit or account: those that are attached to it directly. */
export interface AttachedPolicies {
  readonly targetId: string;
  readonly policies: readonly aws.PolicySummary[];
}

/**
 * The roots, units, accounts and policies of an organization, by id, all of them in memory. The copy of the
 * organization implements it, and so does the part of the organization that an operation has read from AWS.
 */
export interface PolicyTree {
  /** The same object as long as nothing in the tree has changed. */
  readonly version: object;
  /** The ids from the root to a root, unit or account, the last one included; undefined if there is no such object. */
  levelsOf(id: string): readonly string[] | undefined;
  /** The ids of the policies that are attached directly to a root, unit or account, of all types. */
  policiesOf(targetId: string): readonly string[];
  /** The ids of the roots, units and accounts that a policy is attached to directly. */
  targetsOf(policyId: string): Iterable<string>;
  policy(id: string): aws.PolicySummary | undefined;
  /** Undefined if it is not known. */
  contentOf(policyId: string): string | undefined;
  /** Undefined if the type is not enabled. */
  statusOf(type: string | undefined): aws.PolicyTypeStatus | undefined;
}

/** The accounts that have one of these levels: in or below a root or unit, or the account itself. */
export interface AccountReach {
  readonly levels: ReadonlySet<string>;
  /** Accounts that are found (true) or not (false), whatever their levels are. */
  readonly accounts: ReadonlyMap<string, boolean>;
}

/** Accounts of the organization, or of a root or organizational unit. */
export interface AccountQuery {
  readonly filter?: AccountFilter | null | undefined;
  readonly orderBy?: AccountOrder | null | undefined;
  /** Only accounts directly in it, or, with `descendants`, in its subtree. */
  readonly parentId?: string | undefined;
  readonly descendants?: boolean | undefined;
  readonly reach?: AccountReach | undefined;
}

/**
 * Reads the copy as far as it is not older than a time. Each method returns undefined if a list that it needs is not
 * kept, not complete, or too old.
 */
export interface CopyReader {
  /** AWS's reply to a read, with all items of a list in one page; undefined for a request with a NextToken, too. */
  reply<O extends ReadName>(operation: O, input: Input<O>): Dated<Output<O>> | undefined;
  /** The items of a list in the order of their ids. `input`: without paging. */
  list<O extends ListName>(operation: O, input: Input<O>): CopiedList<Item<O>> | undefined;
  accounts(query: AccountQuery): CopiedList<aws.Account> | undefined;
  organizationalUnits(filter: OrganizationalUnitFilter): CopiedList<aws.OrganizationalUnit> | undefined;
  handshakes(
    list: 'organizationHandshakes' | 'accountHandshakes',
    filter: HandshakeFilter,
    orderBy: HandshakeOrder | undefined,
  ): CopiedList<aws.Handshake> | undefined;
  responsibilityTransfers(
    list: 'inboundResponsibilityTransfers' | 'outboundResponsibilityTransfers',
    filter: ResponsibilityTransferFilter,
  ): CopiedList<aws.ResponsibilityTransfer> | undefined;
  /** The ids of the root and the organizational units above an account or unit, the root first. */
  ancestors(id: string): Dated<readonly string[]> | undefined;
  /** The policies of a type at each level from the root to a root, unit or account. */
  policyLevels(id: string, type: aws.PolicyType): Dated<readonly AttachedPolicies[]> | undefined;
  /** All levels and attachments. */
  policyTree(): Dated<PolicyTree> | undefined;
  accountCount(parentId: string, descendants: boolean): Dated<number> | undefined;
  /** The number of objects of a list, which bounds what an operation may return. */
  size(list: KeptListName): number | undefined;
}

export interface InventoryListStatus {
  readonly name: KeptListName;
  readonly state: KeptState;
  readonly asOf: WallMs | undefined;
  readonly nextRefreshAt: WallMs | undefined;
  /** 0 to 1, of the present sweep; 1 between sweeps. */
  readonly progress: number;
  readonly objects: number;
  readonly calls: number;
  readonly error: string | undefined;
}

export interface InventoryStatus {
  readonly state: KeptState;
  /** The time of the oldest list; undefined while one has never been read. */
  readonly asOf: WallMs | undefined;
  /** 0 to 1, of the present sweep or of the first one. */
  readonly progress: number;
  readonly lists: readonly InventoryListStatus[];
}

/** The history of the organization that a copy holds. */
export interface CopiedHistory {
  /** The id of the organization. */
  readonly epoch: string;
  /** Rejects when its store is unreachable. */
  read(query: HistoryQuery): Promise<HistoryPage>;
  /** The gaps in the time of a page, at most 100. Rejects like `read`. */
  gaps(query: HistoryQuery, page: HistoryPage): Promise<readonly HistoryGap[]>;
  /** Whether an object is still there; undefined if its list is not complete. */
  has(id: string, type: ChangedType): boolean | undefined;
}

/** The copy of one principal's organization. */
export interface OrganizationCopy {
  readonly status: InventoryStatus;
  /**
   * Starts a sweep of these lists, which are in `status.lists`, within the budget; undefined: of all lists. Returns how
   * many calls it takes by the last complete sweep: at least one for a list that was never complete.
   */
  refresh(lists: readonly KeptListName[] | undefined): number;
  /** `oldest`: data from before this time is not used. */
  reader(oldest: WallMs): CopyReader;
  /** The changes of the organization; undefined until the organization is known. */
  readonly history: CopiedHistory | undefined;
}
