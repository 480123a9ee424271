import type { StateShape, Tone } from '../../components/state-icon.tsx';
import { monthStart, utcDay } from '../../data/time.ts';
import { NEAR_MS } from '../invitations/model.ts';
import type { InboundTransfersSubscription } from './transfers.generated.ts';

/** A transfer of either side. `other`: the other side's management account. */
export type TransferRow = NonNullable<
  InboundTransfersSubscription['inboundResponsibilityTransferChanges']['responsibilityTransfer']
>;

/** The side that the reader's organization is on. */
export type Side = 'inbound' | 'outbound';

/** What the reader has to do, rather than AWS's status, in the order of the list. */
export const GROUPS = ['awaiting', 'ending', 'scheduled', 'active', 'ended', 'over'] as const;
export type Group = (typeof GROUPS)[number];

export const GROUP_NAMES: Readonly<Record<Group, string>> = {
  awaiting: 'Awaiting answer',
  ending: 'Ending',
  scheduled: 'Scheduled',
  active: 'Active',
  ended: 'Ended',
  over: 'Not taken up',
};

/** A transfer as the page shows it. */
export interface Transfer {
  readonly id: string;
  /** The transfer's name, else the other side's e-mail address, else its id: AWS gives no account name. */
  readonly name: string;
  readonly accountId: string | undefined;
  readonly email: string | undefined;
  readonly group: Group;
  readonly shape: StateShape;
  readonly tone: Tone;
  /** The state in words, without the time left. */
  readonly state: string;
  /** AWS's word. */
  readonly status: string;
  readonly start: string | undefined;
  readonly end: string | undefined;
  /** Until when the other side may answer; only while it is awaited. */
  readonly expires: string | undefined;
  readonly isDue: boolean;
  readonly handshakeId: string | undefined;
}

interface Invitation {
  readonly expirationTimestamp: string | null;
}

export function toTransfer(row: TransferRow, invitations: ReadonlyMap<string, Invitation>, now: Date): Transfer {
  const { managementAccountId, managementAccountEmail } = row.other ?? {};
  const handshakeId = row.activeHandshakeId ?? undefined;
  const expires = handshakeId && (invitations.get(handshakeId)?.expirationTimestamp ?? undefined);
  const start = row.startTimestamp ?? undefined;
  const end = row.endTimestamp ?? undefined;
  const isDue = expires !== undefined && expires !== '' && Date.parse(expires) - now.getTime() < NEAR_MS;
  const state = stateOf(row, { start, end, isDue }, now);
  return {
    id: row.id,
    name: row.name || managementAccountEmail || managementAccountId || row.id,
    accountId: managementAccountId ?? undefined,
    email: managementAccountEmail ?? undefined,
    ...state,
    status: row.statusRaw ?? row.status ?? 'UNKNOWN',
    start,
    end,
    expires: state.group === 'awaiting' ? expires || undefined : undefined,
    isDue: state.group === 'awaiting' && isDue,
    handshakeId,
  };
}

interface Times {
  readonly start: string | undefined;
  readonly end: string | undefined;
  readonly isDue: boolean;
}

function stateOf(
  { status, statusRaw }: TransferRow,
  { start, end, isDue }: Times,
  now: Date,
): Pick<Transfer, 'group' | 'shape' | 'tone' | 'state'> {
  const isAfter = (time: string | undefined) => time !== undefined && Date.parse(time) > now.getTime();
  switch (status) {
    case 'REQUESTED':
      return isDue
        ? { group: 'awaiting', shape: 'due', tone: 'amber', state: 'Awaiting answer' }
        : { group: 'awaiting', shape: 'awaiting', tone: 'blue', state: 'Awaiting answer' };
    case 'WITHDRAWN':
      return isAfter(end)
        ? { group: 'ending', shape: 'ending', tone: 'red', state: `Ends ${lastDay(end, now)}` }
        : { group: 'ended', shape: 'ended', tone: 'gray', state: 'Ended' };
    case 'ACCEPTED':
      return isAfter(start)
        ? { group: 'scheduled', shape: 'scheduled', tone: 'violet', state: `Starts ${dayOf(start, now)}` }
        : { group: 'active', shape: 'done', tone: 'green', state: 'Active' };
    case 'DECLINED':
      return { group: 'over', shape: 'declined', tone: 'gray', state: 'Declined' };
    case 'CANCELED':
      return { group: 'over', shape: 'canceled', tone: 'gray', state: 'Canceled' };
    case 'EXPIRED':
      return { group: 'over', shape: 'expired', tone: 'gray', state: 'Expired' };
    default:
      // A status that is newer than this release.
      return { group: 'over', shape: 'waiting', tone: 'gray', state: statusRaw ?? 'Unknown' };
  }
}

export const dayOf = (time: string | undefined, now: Date): string => (time ? utcDay(new Date(time), now) : '–');

/** An end is the last second of a day or the first of the next one: either way, the last day that is paid. */
export const lastDay = (time: string | undefined, now: Date): string =>
  time ? utcDay(new Date(Date.parse(time) - 1), now) : '–';

/** The first of each group is the one whose next event is the nearest. */
export function compareTransfers(a: Transfer, b: Transfer): number {
  const groups = GROUPS.indexOf(a.group) - GROUPS.indexOf(b.group);
  if (groups !== 0) return groups;
  const [first, second] = [orderOf(a), orderOf(b)];
  return first - second || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}

function orderOf({ group, expires, start, end }: Transfer): number {
  const time = (text: string | undefined) => (text === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(text));
  if (group === 'awaiting') return time(expires);
  if (group === 'ending') return time(end);
  if (group === 'scheduled') return time(start);
  // The newest first.
  return -(group === 'ended' ? time(end ?? start) : time(start));
}

/** Whether a transfer is in force at some time of a month. `month`: its first moment. */
export function isBilledIn({ status, start, end }: Transfer, month: Date): boolean {
  if (status !== 'ACCEPTED' && status !== 'WITHDRAWN') return false;
  if (start === undefined || Date.parse(start) >= monthStart(month, 1).getTime()) return false;
  return end === undefined || Date.parse(end) > month.getTime();
}

/** Whether a transfer would be in force in a month, if it were accepted. */
export const wouldBeBilledIn = ({ group, start }: Transfer, month: Date): boolean =>
  group === 'awaiting' && start !== undefined && Date.parse(start) < monthStart(month, 1).getTime();

/** "2026-11", as the URL has it. */
export const monthKey = (month: Date): string => month.toISOString().slice(0, 7);
