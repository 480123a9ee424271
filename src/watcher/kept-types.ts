import type { Principal } from '../principal/principal.ts';
import type { aws, WallMs } from '../upstream/index.ts';
import type { HistoryReader } from './history/history-types.ts';
import type { ObservedObject } from './journal.ts';
import type { WatchedObjects } from './watch-event.ts';

/** An organizational unit with its parent, which AWS's replies do not contain. */
export interface KeptOrganizationalUnit extends aws.OrganizationalUnit {
  readonly ParentId: string;
}

/** One policy that is attached to one root, organizational unit or account. */
export interface PolicyAttachment {
  readonly PolicyId: string;
  readonly TargetId: string;
}

export interface PolicyContent {
  readonly PolicyId: string;
  readonly Content: string;
}

/** All tags of one resource: an account, root, organizational unit, policy or resource policy. */
export interface ResourceTags {
  readonly ResourceId: string;
  readonly Tags: readonly aws.Tag[];
}

export interface KeptDelegatedAdministrator extends aws.DelegatedAdministrator {
  readonly Services: readonly aws.DelegatedService[];
}

/** The lists of the copy of an organization, with the types of their objects. */
export interface KeptObjects extends WatchedObjects {
  /** At most one: the organization of the principal's account. */
  organization: aws.Organization;
  roots: aws.Root;
  accounts: aws.Account;
  organizationalUnits: KeptOrganizationalUnit;
  /** The policies of every enabled type, without contents. */
  policies: aws.PolicySummary;
  policyAttachments: PolicyAttachment;
  policyContents: PolicyContent;
  tags: ResourceTags;
  delegatedAdministrators: KeptDelegatedAdministrator;
  enabledServices: aws.EnabledServicePrincipal;
  /** At most one. */
  resourcePolicy: aws.ResourcePolicy;
}
export type KeptListName = keyof KeptObjects;

/**
 * LOADING: never complete. READY: complete, and not older than its maximum age. STALE: complete, and older.
 * UNAVAILABLE: AWS refuses or fails.
 */
export type KeptState = 'LOADING' | 'READY' | 'STALE' | 'UNAVAILABLE';

/** One list of the copy. Its properties are read anew at each access. */
export interface KeptList<T> {
  readonly state: KeptState;
  /** When the oldest read that the list consists of began; undefined before the list was read completely. */
  readonly asOf: WallMs | undefined;
  /**
   * No data from before this time may be used, because a write of this principal may have changed the list in a way
   * that only a read shows. Undefined if there was no such write.
   */
  readonly changedAt: WallMs | undefined;
  readonly nextRefreshAt: WallMs | undefined;
  /** The part of the present sweep that is done, 0 to 1; 1 between sweeps. */
  readonly progress: number;
  /** The number of calls of the last complete sweep. */
  readonly calls: number;
  /**
   * The share of AWS's rate that the maximum age needs, if that is more than `KeepOptions.budgetShare`. Above 1: not
   * even the whole rate is enough.
   */
  readonly neededShare?: number | undefined;
  /** Why AWS's last reply was no success; undefined after a success. */
  readonly error: Error | undefined;
  /** The published objects by id; undefined before the list was read completely. */
  readonly objects: ReadonlyMap<string, ObservedObject<T>> | undefined;
}

/** A change of the published objects of one list. */
export interface KeptChange {
  readonly list: KeptListName;
  /**
   * By id: every object that was added, replaced or removed, also if its new version is no event. Undefined when the
   * list was restored or read for the first time: then all objects may be others.
   */
  readonly changes: ReadonlyMap<string, { readonly before: unknown; readonly after: unknown }> | undefined;
}

/** The copy of the organization of one principal, which a background sweep keeps up to date until `release`. */
export interface KeptOrganization {
  readonly principal: Principal;
  /** The id of the organization that the lists belong to; undefined until it is known, and if there is none. */
  readonly organizationId: string | undefined;
  list<L extends KeptListName>(name: L): KeptList<KeptObjects[L]>;
  /** Calls `listener` after each change, and with `changes: undefined` for all lists when the organization changes. */
  onChange(listener: (change: KeptChange) => void): () => void;
  /** The changes of the organization; undefined until it is known. */
  readonly history?: HistoryReader | undefined;
  /** Starts a sweep of these lists, within the budget. */
  refresh(lists: readonly KeptListName[]): void;
  release(): void;
}

/** What a principal's copy holds and how old it may be. Times in ms. */
export interface KeepOptions {
  readonly maxAgeMs: number;
  readonly tagsMaxAgeMs: number;
  /** The share of each operation's rate that the sweep may use, 0 to 1, in every time window. */
  readonly budgetShare: number;
  readonly tags: boolean;
  readonly policyContents: boolean;
}

export interface OrganizationKeeper {
  /**
   * Keeps a copy of the principal's organization up to date until it is released.
   * @throws TypeError if it is kept already.
   */
  keep(principal: Principal, options: KeepOptions): KeptOrganization;
}
