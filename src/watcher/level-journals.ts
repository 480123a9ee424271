import type { Principal } from '../principal/principal.ts';
import { type Clock, systemClock, type WallMs } from '../upstream/index.ts';
import { keyOf } from './codec.ts';
import { newCursorKey } from './cursor.ts';
import { LevelHistories } from './history/level-histories.ts';
import type { JournalReader, JournalStore } from './journal.ts';
import { describedName } from './kinds.ts';
import { LevelJournal } from './level-journal.ts';
import {
  clearLog,
  cursorKeyKey,
  type LevelStore,
  type Operation,
  pagesUnder,
  UnwatchedLogs,
  unwatchedKey,
} from './level-store.ts';
import { dropOutboxesExcept, LevelOutboxStore } from './outbox/level-outbox-store.ts';

export interface LevelJournalsOptions {
  readonly keepEvents: number;
  /**
   * Called when the store cannot be written: that log is in memory only from then on. `log` is undefined when old logs
   * cannot be deleted.
   */
  readonly onError: (error: unknown, log: string | undefined) => void;
  /** How long changes stay in a history, in ms. Default: no limit. */
  readonly historyRetentionMs?: number | undefined;
  /** Its wall clock dates logs without subscribers. Default: the machine's. */
  readonly clock?: Clock | undefined;
}

/** Keeps logs in a store that one process uses at a time. Deletes logs that have had no subscriber for long. */
export const levelJournals = (store: LevelStore, options: LevelJournalsOptions): JournalStore => {
  const { keepEvents, onError, clock = systemClock, historyRetentionMs = Number.POSITIVE_INFINITY } = options;
  const journals = new Map<string, Pick<LevelJournal<unknown>, 'idle' | 'drop' | 'written' | 'isWriting'>>();
  /** Writes in flight to logs without a journal. */
  const writes = new Map<string, Promise<void>>();
  const written = (log: string) => writes.get(log) ?? Promise.resolve();
  const addWrite = (log: string, write: Promise<void>) => {
    writes.set(log, write);
    void write.then(() => writes.get(log) === write && writes.delete(log));
  };
  let lastLoad: Promise<void> = Promise.resolve();
  /** The first logs are ready early, as those of all others depend on them. `load` never rejects. */
  const inTurn = (load: () => Promise<void>) => {
    lastLoad = lastLoad.then(load);
    return lastLoad;
  };
  const reportUndropped = (error: unknown) => onError(error, undefined);

  const drop = (log: string) => {
    const journal = journals.get(log);
    if (journal !== undefined) return journal.drop();
    const clear = () => clearLog(store, log);
    addWrite(log, written(log).then(clear).catch(reportUndropped));
  };
  const outboxes = new Map<string, LevelOutboxStore>();
  const unwatched = new UnwatchedLogs(clock, drop);
  const histories = new LevelHistories(store, { clock, retentionMs: historyRetentionMs, onError: reportUndropped });

  /** Logs that had subscribers when the last process ended have none from now on. */
  const markAllUnwatched = async () => {
    const since = new Map<string, WallMs>();
    const operations: Operation[] = [];
    const now = clock.wallMs();
    for await (const page of pagesUnder(store, unwatchedKey(''))) {
      for (const [log, text] of page) {
        since.set(log, text === '' ? now : (Number(text) as WallMs));
        if (text === '') operations.push({ type: 'put', key: unwatchedKey(log), value: String(now) });
      }
    }
    await store.batch(operations);
    unwatched.addStored(since);
  };
  const allMarked = markAllUnwatched().catch(reportUndropped);

  return {
    async cursorKey(use) {
      const key = newCursorKey();
      try {
        const stored = await store.get(cursorKeyKey);
        if (stored !== undefined) return use(Buffer.from(stored, 'base64url'));
        await store.put(cursorKeyKey, key.toString('base64url'));
      } catch (error) {
        onError(error, cursorKeyKey);
      }
      use(key);
    },
    open<T>(principal: Principal, name: string, reader: JournalReader<T>) {
      const log = keyOf(principal, name);
      const journal = new LevelJournal<T>({
        store,
        log,
        reader,
        keepEvents,
        storesEmptyLog: !name.startsWith(describedName('')),
        unwatched,
        inTurn,
        previousWritesDone: () => allMarked.then(() => written(log)),
        onError: (error) => onError(error, log),
        onForget() {
          journals.delete(log);
          addWrite(log, journal.written);
        },
      });
      journals.set(log, journal);
      return journal;
    },
    openHistory: (principal, name) => histories.open(principal, name),
    openOutbox(principal, destination) {
      const log = keyOf(principal, `outbox@${destination}`);
      const outbox = outboxes.get(log) ?? new LevelOutboxStore(store, log);
      outboxes.set(log, outbox);
      return outbox;
    },
    dropUnusedOutboxes: () => dropOutboxesExcept(store, new Set(outboxes.keys())),
    async published() {
      const writing = [...journals.values()].filter(({ isWriting }) => isWriting);
      await Promise.all(writing.map(({ written: lastWrite }) => lastWrite));
    },
    async loaded() {
      let known: number;
      do {
        known = journals.size;
        await Promise.all([...journals.values()].map(({ idle }) => idle));
      } while (journals.size > known);
    },
    async close() {
      await allMarked;
      unwatched.close();
      await Promise.all([...journals.values()].map(({ idle }) => idle));
      await Promise.all(writes.values());
      await histories.close();
      await Promise.all([...outboxes.values()].map(({ idle }) => idle));
      await store.close();
    },
  };
};
