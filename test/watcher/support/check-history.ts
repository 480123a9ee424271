import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import type { WallMs } from '../../../src/upstream/index.ts';
import type { HistoryEntry, HistoryReader } from '../../../src/watcher/history/history-types.ts';
import { historyLists } from '../../../src/watcher/history/record-changes.ts';
import type { KeptListName, KeptOrganization, PolicyAttachment } from '../../../src/watcher/kept-types.ts';
import { presentMembers } from '../../../src/watcher/member-changes.ts';

type Members = Map<string, unknown>;

/** The lists of one type of change, whose objects have their members together. */
const groupOfList = (list: KeptListName): string => {
  if (list === 'policyContents') return 'POLICY';
  if (list.endsWith('Handshakes')) return 'HANDSHAKE';
  if (list.endsWith('ResponsibilityTransfers')) return 'RESPONSIBILITY_TRANSFER';
  return groups[list] ?? list;
};
const groups: { readonly [L in KeptListName]?: string } = {
  organization: 'ORGANIZATION',
  roots: 'ROOT',
  accounts: 'ACCOUNT',
  organizationalUnits: 'ORGANIZATIONAL_UNIT',
  policies: 'POLICY',
  policyAttachments: 'POLICY_ATTACHMENT',
  delegatedAdministrators: 'DELEGATED_ADMINISTRATOR',
  enabledServices: 'ENABLED_SERVICE',
  resourcePolicy: 'RESOURCE_POLICY',
  tags: 'TAG',
  createAccountStatuses: 'CREATE_ACCOUNT_STATUS',
};

const readAll = async (reader: HistoryReader): Promise<readonly HistoryEntry[]> => {
  const all: HistoryEntry[] = [];
  for (;;) {
    const page = await reader.read({ before: all.at(-1)?.id, limit: 100 });
    all.push(...page);
    if (page.length < 100) return all;
  }
};

const attachmentKey = ({ TargetId, PolicyId }: PolicyAttachment) => `POLICY_ATTACHMENT ${TargetId} ${PolicyId}`;

const presentObjects = (kept: KeptOrganization): Map<string, Members> => {
  const present = new Map<string, Members>();
  for (const list of historyLists) {
    for (const [id, { object }] of kept.list(list).objects ?? []) {
      const key =
        list === 'policyAttachments' ? attachmentKey(object as PolicyAttachment) : `${groupOfList(list)} ${id}`;
      const members = present.get(key) ?? new Map<string, unknown>();
      present.set(key, members);
      for (const { name, after } of presentMembers(list, object, 'ADDED')) members.set(name, after);
    }
  }
  return present;
};

const keyOf = ({ type, objectId, members }: HistoryEntry): string => {
  const [policy] = members;
  return type === 'POLICY_ATTACHMENT'
    ? `${type} ${objectId} ${policy?.before ?? policy?.after}`
    : `${type} ${objectId}`;
};

/** AWS omits some members in some replies, and dates of services: then they are no changes. */
const isEqual = (a: unknown, b: unknown): boolean => {
  const services = (value: unknown) =>
    Array.isArray(value) ? value.map((one: object) => ('servicePrincipal' in one ? one.servicePrincipal : one)) : value;
  return a == null || b == null || isDeepStrictEqual(services(a), services(b));
};

/**
 * Undoes all changes of a history, the newest first: each must begin where the one after it, or the copy, ends. So the
 * changes from any point on lead to the copy.
 */
export async function checkHistory(kept: KeptOrganization, log: readonly string[]): Promise<number> {
  const reader = kept.history;
  if (reader === undefined) return 0;
  const entries = await readAll(reader);
  expect(await reader.gaps(0 as WallMs, Number.MAX_SAFE_INTEGER as WallMs, undefined)).toEqual([]);
  const objects = presentObjects(kept);
  for (const [index, entry] of entries.entries()) {
    const key = keyOf(entry);
    const fail = (what: string) =>
      expect.fail(
        `${what}: ${JSON.stringify(entry)}\nbefore ${entries
          .slice(0, index)
          .filter((later) => keyOf(later) === key)
          .map((later) => JSON.stringify(later))
          .join('\n')}\nof the copy ${JSON.stringify([...(presentObjects(kept).get(key) ?? [])])}\n${log.join('\n')}`,
      );
    const members = objects.get(key);
    // A resource without an entry has no tags.
    const isPresent = entry.type === 'TAG' || members !== undefined;
    if (isPresent !== (entry.kind !== 'REMOVED' || entry.type === 'TAG')) fail('The object is there, or not');
    const known: Members = members ?? new Map(entry.type === 'TAG' ? [['tags', []]] : []);
    objects.set(key, known);
    for (const { name, before, after } of entry.members) {
      if (entry.kind !== 'REMOVED' && !isEqual(known.get(name), after)) fail(`${name} is ${known.get(name)}`);
      known.set(name, before);
    }
    if (entry.kind === 'ADDED' && entry.type !== 'TAG') objects.delete(key);
  }
  return entries.length;
}
