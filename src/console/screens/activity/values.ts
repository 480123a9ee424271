import type { StateShape, Tone } from '../../components/state-icon.tsx';

/** A value of a change as the list shows it. */
export interface ShownValue {
  readonly text: string;
  readonly shape?: StateShape;
  readonly tone?: Tone;
}

const STATES: Readonly<Record<string, readonly [text: string, shape: StateShape, tone: Tone]>> = {
  ACTIVE: ['Active', 'done', 'green'],
  ACCEPTED: ['Accepted', 'done', 'green'],
  SUCCEEDED: ['Created', 'done', 'green'],
  SUSPENDED: ['Suspended', 'failed', 'red'],
  CLOSED: ['Closed', 'ended', 'gray'],
  PENDING_CLOSURE: ['Closing', 'ending', 'red'],
  PENDING_ACTIVATION: ['Activating', 'awaiting', 'blue'],
  FAILED: ['Failed', 'failed', 'red'],
  IN_PROGRESS: ['In progress', 'awaiting', 'blue'],
  OPEN: ['Open', 'awaiting', 'blue'],
  REQUESTED: ['Requested', 'awaiting', 'blue'],
  DECLINED: ['Declined', 'declined', 'gray'],
  CANCELED: ['Canceled', 'canceled', 'gray'],
  EXPIRED: ['Expired', 'expired', 'gray'],
  WITHDRAWN: ['Withdrawn', 'ending', 'red'],
};

/** A state with its shape; any other value as text. */
export function shownValue(value: unknown): ShownValue {
  if (typeof value === 'string') {
    const state = STATES[value];
    return state === undefined ? { text: value } : { text: state[0], shape: state[1], tone: state[2] };
  }
  if (value === null || value === undefined) return { text: '–' };
  return { text: typeof value === 'object' ? JSON.stringify(value) : String(value) };
}

interface Tag {
  readonly key: string;
  readonly value: string;
}

export const tagsOf = (value: unknown): readonly Tag[] =>
  Array.isArray(value) ? value.filter((tag): tag is Tag => typeof tag?.key === 'string') : [];

/** "service-18 = off"; a tag that is gone is "service-18 removed". */
export function tagChanges(before: unknown, after: unknown): readonly string[] {
  const [old, present] = [before, after].map((tags) => new Map(tagsOf(tags).map(({ key, value }) => [key, value])));
  const set = [...(present ?? [])].filter(([key, value]) => old?.get(key) !== value);
  const removed = [...(old ?? [])].filter(([key]) => !present?.has(key));
  return [...set.map(([key, value]) => `${key} = ${value}`), ...removed.map(([key]) => `${key} removed`)];
}
