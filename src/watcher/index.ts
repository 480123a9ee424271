export { newCursorKey } from './cursor.ts';
export { WatchError } from './errors.ts';
export { idsOfEvent } from './event-ids.ts';
export type * from './history/history-types.ts';
export type * from './journal.ts';
export { checkProgress, maxProgressBytes, newEpoch } from './journal.ts';
export type * from './list-changes.ts';
export type { MemberChange } from './member-change.ts';
export { organizationEvents } from './organization-events.ts';
export { MemoryOutboxStore } from './outbox/memory-outbox-store.ts';
export type * from './outbox/outbox-store.ts';
export { openStore, StoreStatus } from './store.ts';
export { StoreError } from './store-error.ts';
export {
  isSyncAsyncIterator,
  type NextResult,
  type ReadyListener,
  type SyncAsyncIterator,
} from './subscription.ts';
export type * from './types.ts';
export { createWatcher } from './watcher.ts';
