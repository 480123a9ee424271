import { LRUCache } from 'lru-cache';
import type { LogRecord } from '../journal.ts';
import type { KeptListName, PolicyAttachment } from '../kept-types.ts';
import type { MemberChange } from '../member-change.ts';
import { memberChanges, presentMembers } from '../member-changes.ts';
import type { KnownLists } from '../sweep-types.ts';
import type { ChangedType, ChangeKind, HistoryChange } from './history-types.ts';

/** The lists, and the types of their changes. */
const typeOfList: { readonly [L in KeptListName]: ChangedType } = {
  organization: 'ORGANIZATION',
  roots: 'ROOT',
  accounts: 'ACCOUNT',
  organizationalUnits: 'ORGANIZATIONAL_UNIT',
  policies: 'POLICY',
  policyContents: 'POLICY',
  policyAttachments: 'POLICY_ATTACHMENT',
  delegatedAdministrators: 'DELEGATED_ADMINISTRATOR',
  enabledServices: 'ENABLED_SERVICE',
  resourcePolicy: 'RESOURCE_POLICY',
  tags: 'TAG',
  organizationHandshakes: 'HANDSHAKE',
  accountHandshakes: 'HANDSHAKE',
  inboundResponsibilityTransfers: 'RESPONSIBILITY_TRANSFER',
  outboundResponsibilityTransfers: 'RESPONSIBILITY_TRANSFER',
  createAccountStatuses: 'CREATE_ACCOUNT_STATUS',
};

export const historyLists = Object.keys(typeOfList) as readonly KeptListName[];

/** The member that `previousState` is of, where records lack the version before. */
const stateMembers: { readonly [L in KeptListName]?: string } = {
  organizationHandshakes: 'state',
  accountHandshakes: 'state',
  inboundResponsibilityTransfers: 'status',
  outboundResponsibilityTransfers: 'status',
  createAccountStatuses: 'state',
};

type Named = { readonly Name?: string | undefined; readonly AccountName?: string | undefined };

/** Finds the names of objects. */
export type NameOf = (id: string) => string | undefined;

/** The history's entry for a record of a list; undefined if it is none. */
export function changeOfRecord(
  list: KeptListName,
  record: LogRecord<unknown>,
  nameOf: NameOf,
): HistoryChange | undefined {
  const type = typeOfList[list];
  const change = list === 'tags' ? tagChange(record) : memberChange(list, record);
  if (change === undefined) return undefined;
  const { cause, at } = record;
  return {
    at,
    type,
    ...change,
    ...identity(list, record, nameOf),
    source: cause?.source ?? 'POLL',
    ...(cause?.caller !== undefined && { caller: cause.caller }),
    ...(cause?.requestId !== undefined && { requestId: cause.requestId }),
  };
}

interface ChangedMembers {
  readonly kind: ChangeKind;
  readonly members: readonly MemberChange[];
}

function memberChange(list: KeptListName, record: LogRecord<unknown>): ChangedMembers | undefined {
  const { type, object } = record;
  if (isSilent(list) && type !== 'CHANGED') return undefined;
  if (type !== 'CHANGED') return { kind: type, members: presentMembers(list, object, type) };
  const members =
    record.previous === undefined ? stateChange(list, record) : memberChanges(list, record.previous, object);
  return members.length === 0 ? undefined : { kind: 'CHANGED', members };
}

/** A policy is added and removed with its text, and a history begins and ends with its organization and its root. */
const isSilent = (list: KeptListName): boolean =>
  list === 'policyContents' || list === 'organization' || list === 'roots';

/** The change of the state alone: a record that was restored lacks the version before. */
function stateChange(list: KeptListName, { previousState, object }: LogRecord<unknown>): readonly MemberChange[] {
  const name = stateMembers[list];
  const after = presentMembers(list, object, 'ADDED').find((member) => member.name === name)?.after;
  if (name === undefined || after === undefined || after === previousState) return [];
  return [{ name, before: previousState, after }];
}

/** The list has an entry for each resource, with or without tags. */
function tagChange({ type, object, previous }: LogRecord<unknown>): ChangedMembers | undefined {
  const [before, after] = type === 'ADDED' ? [undefined, object] : type === 'REMOVED' ? [object] : [previous, object];
  const members = memberChanges('tags', before, after);
  const [tags] = members as readonly (MemberChange & { readonly before: unknown[]; readonly after: unknown[] })[];
  if (tags === undefined) return undefined;
  return { kind: tags.before.length === 0 ? 'ADDED' : tags.after.length === 0 ? 'REMOVED' : 'CHANGED', members };
}

function identity(
  list: KeptListName,
  { id, object }: LogRecord<unknown>,
  nameOf: NameOf,
): Pick<HistoryChange, 'objectId' | 'objectName' | 'relatedIds'> {
  if (list === 'policyAttachments') {
    const { TargetId, PolicyId } = object as PolicyAttachment;
    return { objectId: TargetId, objectName: nameOf(TargetId), relatedIds: [PolicyId] };
  }
  const { Name, AccountName } = object as Named;
  return { objectId: id, objectName: Name ?? AccountName ?? nameOf(id) };
}

const namedLists = ['accounts', 'organizationalUnits', 'policies', 'roots'] as const;

/** Whether `ObjectNames` has the names of a list. */
export const isNamed = (list: KeptListName): boolean => (namedLists as readonly KeptListName[]).includes(list);

/** Attachments and tags of an object are removed after it. */
const maxRemovedNames = 1_000;

/** The names of the objects of a copy, also of those that were removed last. */
export class ObjectNames {
  readonly #lists: KnownLists;
  readonly #removed = new LRUCache<string, string>({ max: maxRemovedNames });

  constructor(lists: KnownLists) {
    this.#lists = lists;
  }

  of(id: string): string | undefined {
    for (const list of namedLists) {
      const name = this.#lists.objects(list).get(id)?.object.Name;
      if (name !== undefined) return name;
    }
    return this.#removed.get(id);
  }

  /** Must be called with the records of each list that `isNamed`. */
  onRecords(records: readonly LogRecord<unknown>[]): void {
    for (const { type, id, object } of records) {
      const { Name } = object as Named;
      if (type === 'REMOVED' && Name !== undefined) this.#removed.set(id, Name);
    }
  }
}
