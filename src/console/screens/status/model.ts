import type { Tone } from '../../components/state-icon.tsx';
import type { GatewayStatus } from '../../data/gateway-status.ts';
import { counted } from '../../data/text.ts';

export type InventoryList = NonNullable<GatewayStatus['inventory']>['lists'][number];
export type OperationBudget = GatewayStatus['rateBudget'][number];

/**
 * How many things fail. A list that AWS refuses to this principal is no failure: a member account may not read all
 * lists.
 */
export function failuresOf({ inventory, pollers, notifications, principals }: GatewayStatus): number {
  const lists = inventory?.lists.filter(({ state, error }) => error !== null && state !== 'UNAVAILABLE') ?? [];
  const failing = pollers.filter(({ error }) => error !== null);
  const destinations = notifications.filter(({ state }) => state !== 'ACTIVE' && state !== 'STANDBY');
  const refused = principals.filter(({ ready }) => !ready);
  return Number(inventory?.state === 'UNAVAILABLE') + [lists, failing, destinations, refused].flat().length;
}

/** The state of everything, in words. */
export function summaryOf(status: GatewayStatus): { readonly tone: Tone; readonly text: string } {
  const failures = failuresOf(status);
  if (failures > 0) return { tone: 'red', text: `${counted(failures, 'thing')} ${failures === 1 ? 'fails' : 'fail'}` };
  const { inventory } = status;
  if (inventory?.state === 'LOADING') {
    return { tone: 'blue', text: `Reading the organization, ${percent(inventory.progress)}` };
  }
  return { tone: 'green', text: 'Everything works' };
}

export const percent = (share: number): string => `${Math.floor(100 * share)} %`;

/** The list with the time of its next read, also if a poller reads it for live pages. */
export function withNextRead(list: InventoryList, pollers: GatewayStatus['pollers']): InventoryList {
  const poller = pollers.find((each) => each.list === list.name);
  if (list.nextRefreshAt !== null || !poller?.lastReadAt) return list;
  return { ...list, nextRefreshAt: new Date(Date.parse(poller.lastReadAt) + poller.intervalMs).toISOString() };
}

/** The part of a list's lifetime that is left, 0 to 1. Times are by the clock of the gateway's machine. */
export function lifetimeLeft({ asOf, nextRefreshAt }: InventoryList, now: Date): number {
  if (asOf === null) return 0;
  if (nextRefreshAt === null) return 1;
  const [start, end] = [Date.parse(asOf), Date.parse(nextRefreshAt)];
  return end <= start ? 0 : Math.max(0, Math.min(1, (end - now.getTime()) / (end - start)));
}

/** As many operations as the inventory has lists, beside which they are shown. */
const MAX_OPERATIONS = 14;

/** Operations that were called in the last hour: those with the least budget left, then those with most calls. */
export function usedOperations(budget: readonly OperationBudget[]): readonly OperationBudget[] {
  const left = (operation: OperationBudget) => Math.floor((10 * operation.left) / operation.burst);
  return budget
    .filter(({ callsLastHour }) => callsLastHour > 0)
    .sort((one, other) => left(one) - left(other) || other.callsLastHour - one.callsLastHour)
    .slice(0, MAX_OPERATIONS)
    .sort((one, other) => (one.operation < other.operation ? -1 : 1));
}

/** "8 per s", "6 per min". */
export const rateOf = ({ ratePerSecond }: OperationBudget): string =>
  ratePerSecond >= 1 ? `${round(ratePerSecond)} per s` : `${round(ratePerSecond * 60)} per min`;

const round = (value: number): number => Math.round(10 * value) / 10;
