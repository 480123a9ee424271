import type { WallMs } from '../upstream/index.ts';
import type { KeepOptions, KeptListName, KeptOrganization, KeptState } from '../watcher/kept-types.ts';
import type { Indexes } from './indexes.ts';
import type { InventoryListStatus, InventoryStatus } from './types.ts';

/** Without one of these lists the copy answers next to nothing. */
const requiredLists = ['organization', 'roots', 'accounts'] as const;

const listedNames = [
  'accounts',
  'organizationalUnits',
  'policies',
  'policyAttachments',
  'policyContents',
  'tags',
  'delegatedAdministrators',
  'enabledServices',
  'resourcePolicy',
  'organizationHandshakes',
  'accountHandshakes',
  'inboundResponsibilityTransfers',
  'outboundResponsibilityTransfers',
  'createAccountStatuses',
] as const satisfies readonly KeptListName[];

/** Lists that are read for the others. */
const hiddenNames = ['organization', 'roots'] as const satisfies readonly KeptListName[];

type ListOptions = Pick<KeepOptions, 'tags' | 'policyContents'>;

function statusOf(kept: KeptOrganization, indexes: Pick<Indexes, 'isReady'>, name: KeptListName): InventoryListStatus {
  const { state: known, asOf, nextRefreshAt, objects, calls, error, progress } = kept.list(name);
  const state = indexes.isReady(name) ? known : 'LOADING';
  return { name, state, asOf, nextRefreshAt, objects: objects?.size ?? 0, calls, error: error?.message, progress };
}

/**
 * UNAVAILABLE if AWS refuses the organization, its roots or its accounts: without them the copy answers next to
 * nothing. Another list that AWS refuses (a member account may not list handshakes) is unavailable alone. Else LOADING
 * until all lists were complete once, then STALE while one is.
 */
function overallState(lists: readonly InventoryListStatus[]): KeptState {
  const has = (state: KeptState, names?: readonly KeptListName[]) =>
    lists.some((list) => list.state === state && (names === undefined || names.includes(list.name)));
  if (has('UNAVAILABLE', requiredLists)) return 'UNAVAILABLE';
  if (has('LOADING')) return 'LOADING';
  return has('STALE') ? 'STALE' : 'READY';
}

function oldestOf(lists: readonly InventoryListStatus[]): WallMs | undefined {
  let oldest: WallMs | undefined;
  for (const { asOf } of lists) {
    if (asOf === undefined) return undefined;
    if (oldest === undefined || asOf < oldest) oldest = asOf;
  }
  return oldest;
}

/** A list counts as much as the calls that its last sweep took. */
function progressOf(lists: readonly { readonly calls: number; readonly progress: number }[]): number {
  const weightOf = ({ calls }: { readonly calls: number }) => Math.max(calls, 1);
  const total = lists.reduce((sum, list) => sum + weightOf(list), 0);
  return lists.reduce((sum, list) => sum + list.progress * weightOf(list), 0) / total;
}

/** The lists that a copy has with these options. */
const listsOf = ({ tags, policyContents }: ListOptions): readonly KeptListName[] =>
  listedNames.filter((name) => (tags || name !== 'tags') && (policyContents || name !== 'policyContents'));

/** All lists that a copy is read from, also those that its status does not name. */
export const sweptLists = (options: ListOptions): readonly KeptListName[] => [...hiddenNames, ...listsOf(options)];

/** The state of a copy and of its lists. Lists that the options switch off are not part of it. */
export function inventoryStatus(
  kept: KeptOrganization,
  indexes: Pick<Indexes, 'isReady'>,
  options: ListOptions,
): InventoryStatus {
  const listed = listsOf(options).map((name) => statusOf(kept, indexes, name));
  const all = [...hiddenNames.map((name) => statusOf(kept, indexes, name)), ...listed];
  return {
    state: overallState(all),
    asOf: oldestOf(all),
    progress: progressOf(all),
    lists: listed,
  };
}
