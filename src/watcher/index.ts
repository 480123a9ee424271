export { WatchError, type WatchErrorCode } from './errors.ts';
export type { LogRecord, Place } from './event-log.ts';
export type { Hint } from './hints.ts';
export type * from './journal.ts';
export { newEpoch } from './journal.ts';
export { openStore, StoreError } from './open-store.ts';
export type * from './types.ts';
export { createWatcher, type WatcherOptions } from './watcher.ts';
