import type { StateShape, Tone } from '../../components/state-icon.tsx';
import { groupedId } from '../../data/text.ts';
import type { SentInvitationsSubscription } from './invitations.generated.ts';

export type InvitationRow = NonNullable<SentInvitationsSubscription['organizationHandshakeChanges']['handshake']>;

/** A resource of a handshake, as AWS nests them. */
export interface Resource {
  readonly type: string | null;
  readonly typeRaw: string | null;
  readonly value: string | null;
  readonly resources?: readonly Resource[] | null;
}

export type Side = 'sent' | 'received';
export type Kind = 'billing' | 'join' | 'features' | 'other';

export const KIND_NAMES: Readonly<Record<Kind, string>> = {
  billing: 'Billing',
  join: 'Join',
  features: 'All features',
  other: 'Other',
};

/** A deadline that is this near, in ms, is amber. */
export const NEAR_MS = 48 * 3_600_000;

/** An invitation as the page shows it. */
export interface Invitation {
  readonly id: string;
  /** The other side: a name if AWS gives one, else its address or id. */
  readonly name: string;
  /** Its address or id, if that is not the name. */
  readonly detail: string | undefined;
  readonly partyId: string | undefined;
  readonly email: string | undefined;
  readonly kind: Kind;
  /** AWS's word. */
  readonly action: string;
  readonly isOpen: boolean;
  readonly shape: StateShape;
  readonly tone: Tone;
  readonly state: string;
  /** AWS's word. */
  readonly status: string;
  readonly sent: string | undefined;
  readonly expires: string | undefined;
  /** The share of its lifetime that is left, from 0 to 1. */
  readonly left: number;
  readonly isDue: boolean;
  readonly notes: string | undefined;
  readonly resources: readonly Resource[];
  readonly transferId: string | undefined;
  /** When the transfer of an invitation for billing would start. */
  readonly start: string | undefined;
  /** Of the process that enables all features: the accounts that it asked, and those that have approved. */
  readonly approvals: Approvals | undefined;
  /** Whether all accounts have approved, so that the process can be finished. */
  readonly isReady: boolean;
}

export interface Approvals {
  readonly asked: number;
  readonly approved: number;
}

/** The approvals that each process asked for, by its id. */
export function approvalsOf(rows: Iterable<InvitationRow>): ReadonlyMap<string, Approvals> {
  const found = new Map<string, Approvals>();
  for (const { resources, state } of rows) {
    const process = findValue(resources ?? [], 'PARENT_HANDSHAKE');
    if (process === undefined) continue;
    const { asked, approved } = found.get(process) ?? { asked: 0, approved: 0 };
    found.set(process, { asked: asked + 1, approved: approved + (state === 'ACCEPTED' ? 1 : 0) });
  }
  return found;
}

export const approvedText = ({ asked, approved }: Approvals): string => `${approved} of ${asked} approved`;

/** The first resource of a type, at any depth. */
function findValue(resources: readonly Resource[], ...types: readonly string[]): string | undefined {
  for (const { type, typeRaw, value, resources: inner } of resources) {
    if (types.includes(type ?? typeRaw ?? '') && value !== null) return value;
    const found = inner && findValue(inner, ...types);
    if (found) return found;
  }
  return undefined;
}

interface Known {
  /** Names of transfers by id, as AWS gives no account name for their other side. */
  readonly names: ReadonlyMap<string, { readonly name: string | null }>;
  readonly approvals: ReadonlyMap<string, Approvals>;
  readonly now: Date;
}

/** What an organization sends to itself to enable all features. */
const PROCESS = 'ENABLE_ALL_FEATURES';

export function toInvitation(row: InvitationRow, side: Side, { names, approvals: all, now }: Known): Invitation {
  const resources: readonly Resource[] = row.resources ?? [];
  const party = side === 'sent' ? row.recipient : row.sender;
  const transferId = findValue(resources, 'RESPONSIBILITY_TRANSFER');
  const known =
    side === 'sent'
      ? (transferId && names.get(transferId)?.name) || undefined
      : findValue(resources, 'MANAGEMENT_NAME', 'MASTER_NAME');
  const partyId = party?.id;
  const isProcess = row.action === PROCESS;
  const approvals = isProcess ? (all.get(row.id) ?? { asked: 0, approved: 0 }) : undefined;
  const isReady = isProcess && row.state === 'OPEN';
  const own = isProcess
    ? 'All accounts'
    : partyId === undefined
      ? row.id
      : party?.type === 'ACCOUNT'
        ? `Account ${groupedId(partyId)}`
        : partyId;
  const sent = row.requestedTimestamp ?? undefined;
  const expires = row.expirationTimestamp ?? undefined;
  const [from, until] = [Date.parse(sent ?? ''), Date.parse(expires ?? '')];
  const left = until > from ? Math.min(1, Math.max(0, (until - now.getTime()) / (until - from))) : 0;
  const isOpen = row.state === 'OPEN' || row.state === 'REQUESTED';
  const isDue = isOpen && until - now.getTime() < NEAR_MS;
  return {
    id: row.id,
    name: known ?? own,
    detail: approvals ? approvedText(approvals) : known === undefined ? undefined : partyId && groupedId(partyId),
    partyId,
    email:
      party?.type === 'EMAIL'
        ? party.id
        : side === 'received'
          ? findValue(resources, 'MASTER_EMAIL', 'MANAGEMENT_EMAIL')
          : undefined,
    kind: kindOf(row),
    action: row.actionRaw ?? row.action ?? 'UNKNOWN',
    isOpen,
    ...(isReady ? READY : stateOf(row, isDue)),
    status: row.stateRaw ?? row.state ?? 'UNKNOWN',
    sent,
    expires,
    left,
    isDue,
    notes: row.notes ?? undefined,
    resources,
    transferId,
    start: epoch(findValue(resources, 'TRANSFER_START_TIMESTAMP')),
    approvals,
    isReady,
  };
}

/** AWS gives times within resources as seconds since the epoch. */
export function epoch(value: string | null | undefined): string | undefined {
  if (!value || !/^\d{9,11}(\.\d+)?$/.test(value)) return undefined;
  return new Date(Number(value) * 1_000).toISOString();
}

function kindOf({ action }: InvitationRow): Kind {
  if (action === 'TRANSFER_RESPONSIBILITY') return 'billing';
  if (action === 'INVITE') return 'join';
  return FEATURES.has(action ?? '') ? 'features' : 'other';
}

const FEATURES = new Set([PROCESS, 'APPROVE_ALL_FEATURES', 'ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE']);

const READY = { shape: 'due', tone: 'amber', state: 'Ready to enable' } as const;

function stateOf({ state, stateRaw }: InvitationRow, isDue: boolean): Pick<Invitation, 'shape' | 'tone' | 'state'> {
  switch (state) {
    case 'OPEN':
    case 'REQUESTED':
      return isDue
        ? { shape: 'due', tone: 'amber', state: 'Awaiting answer' }
        : { shape: 'awaiting', tone: 'blue', state: 'Awaiting answer' };
    case 'ACCEPTED':
      return { shape: 'done', tone: 'green', state: 'Accepted' };
    case 'DECLINED':
      return { shape: 'declined', tone: 'gray', state: 'Declined' };
    case 'CANCELED':
      return { shape: 'canceled', tone: 'gray', state: 'Canceled' };
    case 'EXPIRED':
      return { shape: 'expired', tone: 'gray', state: 'Expired' };
    default:
      // A state that is newer than this release.
      return { shape: 'waiting', tone: 'gray', state: stateRaw ?? 'Unknown' };
  }
}

/** What can be finished, then open ones by their deadline, then the others, the newest first. */
export function compareInvitations(a: Invitation, b: Invitation): number {
  if (a.isReady !== b.isReady) return a.isReady ? -1 : 1;
  if (a.isOpen !== b.isOpen) return a.isOpen ? -1 : 1;
  const time = (text: string | undefined) => Date.parse(text ?? '') || 0;
  return (a.isOpen ? time(a.expires) - time(b.expires) : time(b.sent) - time(a.sent)) || (a.id < b.id ? -1 : 1);
}
