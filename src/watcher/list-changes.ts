import type { aws } from '../upstream/index.ts';
import type {
  KeptDelegatedAdministrator,
  KeptListName,
  KeptObjects,
  KeptOrganizationalUnit,
  PolicyAttachment,
} from './kept-types.ts';
import type { MemberChange } from './member-change.ts';
import type { WatchEvent } from './watch-event.ts';

/** The lists of the copy of an organization whose changes can be watched, with the types of their objects. */
export interface ChangedObjects {
  accounts: aws.Account;
  organizationalUnits: KeptOrganizationalUnit;
  policies: aws.PolicySummary;
  policyAttachments: PolicyAttachment;
  delegatedAdministrators: KeptDelegatedAdministrator;
}
export type ChangedList = keyof ChangedObjects;

/** A change of one object. `members` is empty unless the object was there before and after the change. */
export interface ListEvent<T> extends WatchEvent<T> {
  readonly members: readonly MemberChange[];
}

/** The objects of the lists of a copy at one moment. */
export interface ObjectsAtOnce {
  get<L extends KeptListName>(list: L, id: string): KeptObjects[L] | undefined;
  /** All objects of a list, by id. */
  entries<L extends KeptListName>(list: L): Iterable<readonly [string, KeptObjects[L]]>;
}

/**
 * Selects the objects that a subscriber receives. An object that begins or ceases to match is ADDED or REMOVED for the
 * subscriber.
 */
export interface ObjectFilter<T> {
  /** The same for filters with the same conditions, so that their subscribers share events. */
  readonly key: string;
  /** Other lists that `matches` reads. */
  readonly lists: readonly KeptListName[];
  matches(object: T, objects: ObjectsAtOnce): boolean;
  /** The ids of objects whose match may depend on this object of one of `lists`. */
  affected(list: KeptListName, object: unknown, objects: ObjectsAtOnce): Iterable<string>;
}

export interface ListWatchOptions<T> {
  /** The cursor of the last event that the subscriber has received. */
  readonly after?: string | undefined;
  /** Default: all objects. */
  readonly filter?: ObjectFilter<T> | undefined;
  /** Ends the subscription, as the iterator's `return` does. */
  readonly signal?: AbortSignal | undefined;
}

/** Lists with further members of a list's objects, under the same ids. Their changes are changes of these objects. */
export const detailLists: { readonly [L in ChangedList]: readonly KeptListName[] } = {
  accounts: ['tags'],
  organizationalUnits: ['tags'],
  policies: ['tags', 'policyContents'],
  policyAttachments: [],
  delegatedAdministrators: [],
};
