import { isEnded, type Kind } from './kinds.ts';
import type { RecentWrite } from './own-writes.ts';

export interface ChannelHooks<T> {
  /** Called when the first subscriber arrives. */
  onStart(): void;
  /** Called when the last subscriber leaves, or AWS refuses the list. */
  onStop(): void;
  /** Called after a complete read, when its changes are published. */
  onRead(): void;
  /** Returns own writes that the list may not show yet. */
  recentWrites(): readonly RecentWrite<T>[];
}

/** Whether a channel knows one of these objects in a state that may still change. */
export const hasPending = (
  channel: { get(id: string): unknown; readonly source: { readonly kind: Kind<unknown> } },
  ids: readonly string[],
): boolean => {
  const known = ids.flatMap((id) => channel.get(id) ?? []);
  return known.some((object) => !isEnded(channel.source.kind, object));
};
