import type { StateShape, Tone } from '../../components/state-icon.tsx';
import type { Transfer } from './model.ts';
import type { TransferDetailsQuery } from './transfers.generated.ts';

type Details = NonNullable<TransferDetailsQuery['responsibilityTransfer']>;
type Change = NonNullable<Details['history']>['nodes'][number];

/** An event in the life of a transfer. */
export interface Step {
  readonly id: string;
  readonly shape: StateShape;
  readonly tone: Tone;
  readonly text: string;
  readonly at: string;
}

/** Coming and past events, the latest first. The gateway's history, where it is kept, names the callers. */
export function courseOf(transfer: Transfer, details: Details | undefined, now: Date): readonly Step[] {
  const changes = (details?.history?.nodes ?? []).flatMap((change) => stepOf(change, transfer) ?? []);
  const known = changes.some(({ id }) => id.startsWith('invited'));
  const requested = details?.activeHandshake?.requestedTimestamp;
  const steps: (Step | undefined)[] = [
    ...timesOf(transfer, now),
    ...changes,
    known || !requested
      ? undefined
      : { id: 'invited', shape: 'awaiting', tone: 'blue', text: 'Invited', at: requested },
  ];
  return steps.filter((step) => step !== undefined).sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

function timesOf({ group, start, end, expires }: Transfer, now: Date): readonly (Step | undefined)[] {
  const isPast = (time: string) => Date.parse(time) <= now.getTime();
  const isTaken = group !== 'awaiting' && group !== 'over';
  return [
    end === undefined
      ? undefined
      : isPast(end)
        ? { id: 'end', shape: 'ended', tone: 'gray', text: 'Billing ended', at: end }
        : { id: 'end', shape: 'ending', tone: 'red', text: 'Billing ends', at: end },
    start === undefined || !isTaken
      ? undefined
      : isPast(start)
        ? { id: 'start', shape: 'done', tone: 'green', text: 'Billing started', at: start }
        : { id: 'start', shape: 'scheduled', tone: 'violet', text: 'Billing starts', at: start },
    expires === undefined
      ? undefined
      : { id: 'expires', shape: 'awaiting', tone: 'blue', text: 'Invitation expires', at: expires },
  ];
}

const STATUS_STEPS: Readonly<Record<string, readonly [shape: StateShape, tone: Tone]>> = {
  ACCEPTED: ['done', 'green'],
  DECLINED: ['declined', 'gray'],
  CANCELED: ['canceled', 'gray'],
  EXPIRED: ['expired', 'gray'],
  WITHDRAWN: ['ending', 'red'],
};

/** A change of the history in words. Changes that other steps say are left out. */
function stepOf({ id, kind, type, observedAt: at, caller, members }: Change, { name }: Transfer): Step | undefined {
  const by = caller === null ? '' : ` by ${caller}`;
  const member = (wanted: string) => members.find((each) => each.name === wanted);
  if (type === 'TAG') return { id, shape: 'waiting', tone: 'gray', text: `Tags changed${by}`, at };
  if (kind === 'ADDED') return { id: `invited-${id}`, shape: 'awaiting', tone: 'blue', text: `Invited${by}`, at };
  const status = member('status')?.after;
  if (typeof status === 'string' && STATUS_STEPS[status] !== undefined) {
    const [shape, tone] = STATUS_STEPS[status];
    const texts: Readonly<Record<string, string>> = {
      ACCEPTED: `${name} accepted`,
      DECLINED: `${name} declined`,
      CANCELED: `Canceled${by}`,
      EXPIRED: 'Expired without an answer',
      WITHDRAWN: `Set to end${by}`,
    };
    return { id, shape, tone, text: texts[status] ?? status, at };
  }
  const renamed = member('name');
  if (renamed === undefined) return undefined;
  return { id, shape: 'waiting', tone: 'gray', text: `Renamed${by}, before ${String(renamed.before)}`, at };
}
