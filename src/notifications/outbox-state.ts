import { type Gap, mergeGaps } from './events/other-events.ts';

export interface QueueSize {
  readonly events: number;
  /** Of their texts, in bytes. */
  readonly bytes: number;
}

/** The state of an outbox beside its cursors and reminders. */
export interface OutboxState {
  /** The place of the last event. */
  readonly tail: number;
  readonly pending: QueueSize;
  readonly dead: QueueSize;
  /** Dropped events that the receiver does not know of yet. */
  readonly gap: Gap | undefined;
  /** When the receiver refused all further events, in ms since the epoch. */
  readonly disabledAt: number | undefined;
}

export const emptyState: OutboxState = {
  tail: 0,
  pending: { events: 0, bytes: 0 },
  dead: { events: 0, bytes: 0 },
  gap: undefined,
  disabledAt: undefined,
};

export const parseState = (text: string | undefined): OutboxState =>
  text === undefined ? emptyState : { ...emptyState, ...(JSON.parse(text) as Partial<OutboxState>) };

export const resized = ({ events, bytes }: QueueSize, by: number, length: number): QueueSize => ({
  events: Math.max(0, events + by),
  bytes: Math.max(0, bytes + Math.sign(by) * length),
});

export const withGap = (state: OutboxState, gap: Gap): OutboxState => ({ ...state, gap: mergeGaps(state.gap, gap) });
