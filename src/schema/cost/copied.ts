import type { CopyReader } from '../../inventory/types.ts';
import { toPage, type UpstreamSession } from '../../upstream/index.ts';
import type { KeptListName } from '../../watcher/kept-types.ts';
import { type NodeName, typeOfId } from '../ids.ts';
import { isKnownObject } from '../loaders/objects-by-id.ts';
import type { FullRead } from './list-bounds.ts';

/** The part of the copy that an estimate depends on. */
export type CopiedData = Pick<CopyReader, 'reply' | 'size'>;

type Args = Readonly<Record<string, unknown>>;

/** The lists that hold the objects of each type. */
const listsOfTypes: Readonly<Record<NodeName, readonly KeptListName[]>> = {
  Organization: ['organization'],
  Root: ['roots'],
  OrganizationalUnit: ['organizationalUnits'],
  Account: ['accounts'],
  Policy: ['policies', 'policyContents'],
  Handshake: ['organizationHandshakes', 'accountHandshakes'],
  ResponsibilityTransfer: ['inboundResponsibilityTransfers', 'outboundResponsibilityTransfers'],
  CreateAccountStatus: ['createAccountStatuses'],
  ResourcePolicy: ['resourcePolicy'],
};

/** All lists, in the order of `copiedKey`. */
const allLists = [
  ...new Set<KeptListName>([
    ...Object.values(listsOfTypes).flat(),
    'policyAttachments',
    'tags',
    'delegatedAdministrators',
    'enabledServices',
  ]),
];

const tree: readonly KeptListName[] = ['roots', 'organizationalUnits'];

/**
 * The lists that answer each field which reads a list. The first one bounds the length of a connection, if its objects
 * are the connection's items.
 */
const listsOfFields: Readonly<Record<string, readonly KeptListName[]>> = {
  accountCount: ['accounts', ...tree],
  accounts: ['accounts', ...tree],
  children: ['accounts', ...tree],
  createAccountStatuses: ['createAccountStatuses'],
  delegatedAdministrators: ['delegatedAdministrators'],
  delegatedServices: ['delegatedAdministrators', 'accounts'],
  enabledServices: ['enabledServices'],
  handshakes: ['organizationHandshakes'],
  inboundResponsibilityTransfers: ['inboundResponsibilityTransfers'],
  organizationalUnits: ['organizationalUnits', 'roots'],
  outboundResponsibilityTransfers: ['outboundResponsibilityTransfers'],
  policies: ['policies', 'policyAttachments', ...tree],
  'PolicyPreview.accounts': ['accounts', 'policies', 'policyAttachments', ...tree],
  reachedAccounts: ['accounts', 'policyAttachments', ...tree],
  roots: ['roots'],
  tags: ['tags'],
  targets: ['policyAttachments', 'accounts', ...tree],
  'Viewer.handshakes': ['accountHandshakes'],
  // The tags of transfers are not kept.
  'ResponsibilityTransfer.tags': [],
};

/** The further lists that conditions of a filter need. */
const listsOfConditions: Readonly<Record<string, readonly KeptListName[]>> = {
  tags: ['tags'],
  policy: ['policies', 'policyAttachments', ...tree],
};

/** Connections whose number of items is not that of their first list. */
const unboundedFields = new Set(['children', 'delegatedServices', 'tags']);

/**
 * How the copy answers a field that reads a list: undefined if it does not, otherwise the length of the list, which is
 * infinite if only its quota bounds it.
 */
export function copiedLength(
  copy: CopiedData | undefined,
  field: { readonly parent: string; readonly name: string },
  args: Args,
): number | undefined {
  const lists = listsOfFields[`${field.parent}.${field.name}`] ?? listsOfFields[field.name] ?? [];
  const [first] = lists;
  if (copy === undefined || first === undefined) return undefined;
  // A transfer by id is searched in AWS's list.
  if (args['id'] != null || hasOtherType(copy, field.name, args)) return undefined;
  if (!areCopied(copy, [...lists, ...listsOfFilter(args)])) return undefined;
  return unboundedFields.has(field.name) ? Number.POSITIVE_INFINITY : copy.size(first);
}

/** Whether a field reads policies of a type that is not enabled. The copy has none of them. */
export const hasOtherType = (copy: CopiedData | undefined, field: string, { type }: Args): boolean =>
  copy !== undefined && field === 'policies' && type !== undefined && !enabledTypes(copy).has(type);

function enabledTypes(copy: CopiedData): ReadonlySet<unknown> {
  const roots = copy.reply('ListRoots', {})?.value.Roots ?? [];
  const types = roots.flatMap(({ PolicyTypes = [] }) => PolicyTypes);
  return new Set(types.filter(({ Status }) => Status === 'ENABLED').map(({ Type }) => Type));
}

const listsOfFilter = ({ filter }: Args): readonly KeptListName[] =>
  typeof filter !== 'object' || filter === null
    ? []
    : Object.entries(filter).flatMap(([name, value]) => (value == null ? [] : (listsOfConditions[name] ?? [])));

/** Whether the copy answers a read of the whole organization. */
export const isFullReadCopied = (copy: CopiedData | undefined, read: FullRead): boolean =>
  copy !== undefined &&
  areCopied(copy, [read, ...(read === 'policyAttachments' ? ['policies' as const] : []), ...tree]);

/** Whether the copy has all objects of a type. */
export function isTypeCopied(copy: CopiedData | undefined, typename: string): boolean {
  const lists = Object.hasOwn(listsOfTypes, typename) ? listsOfTypes[typename as NodeName] : undefined;
  return copy !== undefined && lists !== undefined && areCopied(copy, lists);
}

/**
 * Whether the copy describes objects of a type that other objects name. It has all accounts of the organization, but
 * some fields name accounts of others, too.
 */
export const isDescribed = (
  copy: CopiedData | undefined,
  typename: string,
  { includesOtherOrganizations }: { readonly includesOtherOrganizations?: boolean | undefined },
): boolean => isTypeCopied(copy, typename) && (typename !== 'Account' || includesOtherOrganizations !== true);

/** The ids in the arguments `id` and `ids`; undefined if the field has none of them. */
export const idsIn = ({ id, ids = id === undefined ? undefined : [id] }: Args): readonly unknown[] | undefined =>
  Array.isArray(ids) ? ids : undefined;

/** The number of ids of a type whose objects the copy does not hold. */
export function countUnknownIds(copy: CopiedData, typename: NodeName, ids: readonly unknown[]): number {
  const session = sessionOf(copy);
  const isUnknown = (one: unknown) =>
    typeof one === 'string' && typeOfId(one) === typename && !isKnownObject(session, typename, one);
  return ids.filter(isUnknown).length;
}

/** Equal for two states of the copy only if they bound the results of operations equally. */
export const copiedKey = (copy: CopiedData): string =>
  [...allLists.map((list) => copy.size(list) ?? ''), ...[...enabledTypes(copy)].sort()].join();

const areCopied = (copy: CopiedData, lists: readonly KeptListName[]): boolean =>
  lists.every((list) => copy.size(list) !== undefined);

function sessionOf(copy: CopiedData): Pick<UpstreamSession, 'known' | 'knownPage'> {
  return {
    known: (operation, input) => copy.reply(operation, input)?.value,
    knownPage(operation, input) {
      const reply = copy.reply(operation, input)?.value;
      return reply && toPage(operation, reply);
    },
  };
}
