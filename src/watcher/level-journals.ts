import type { Principal } from '../principal/principal.ts';
import { type Clock, systemClock, type WallMs } from '../upstream/index.ts';
import { keyOf } from './codec.ts';
import { newCursorKey } from './cursor.ts';
import type { JournalReader, JournalStore } from './journal.ts';
import { describedName } from './kinds.ts';
import { LevelJournal } from './level-journal.ts';
import {
  clearLog,
  cursorKeyKey,
  entriesUnder,
  type LevelStore,
  type Operation,
  UnwatchedLogs,
  unwatchedKey,
} from './level-store.ts';

export interface LevelJournalsOptions {
  readonly keepEvents: number;
  /** Called when the store cannot be written: that log is in memory only from then on. `log` is undefined where old logs cannot be dropped. */
  readonly onError: (error: unknown, log: string | undefined) => void;
  /** Dates the logs that have no subscriber, which grow old by its wall clock. Default: the machine's. */
  readonly clock?: Clock | undefined;
}

/** Keeps logs in a store that outlives the process; one process at a time. Those without a subscriber for long are dropped. */
export const levelJournals = (store: LevelStore, options: LevelJournalsOptions): JournalStore => {
  const { keepEvents, onError, clock = systemClock } = options;
  const journals = new Map<string, Pick<LevelJournal<unknown>, 'idle' | 'drop'>>();
  /** Writes to logs that have no journal. */
  const writes = new Map<string, Promise<void>>();
  const written = (log: string) => writes.get(log) ?? Promise.resolve();
  const addWrite = (log: string, write: Promise<void>) => {
    writes.set(log, write);
    void write.then(() => writes.get(log) === write && writes.delete(log));
  };
  const reportUndropped = (error: unknown) => onError(error, undefined);

  const drop = (log: string) => {
    const journal = journals.get(log);
    if (journal !== undefined) return journal.drop();
    const clear = () => clearLog(store, log);
    addWrite(log, written(log).then(clear).catch(reportUndropped));
  };
  const unwatched = new UnwatchedLogs(clock, drop);

  /** Those that were watched when the process before this one ended are not from now on. */
  const markAllUnwatched = async () => {
    const since = new Map<string, WallMs>();
    const operations: Operation[] = [];
    const now = clock.wallMs();
    for await (const [log, text] of entriesUnder(store, unwatchedKey(''))) {
      since.set(log, text === '' ? now : (Number(text) as WallMs));
      if (text === '') operations.push({ type: 'put', key: unwatchedKey(log), value: String(now) });
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
    async close() {
      await allMarked;
      unwatched.close();
      await Promise.all([...journals.values()].map(({ idle }) => idle));
      await Promise.all(writes.values());
      await store.close();
    },
  };
};
