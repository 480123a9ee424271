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
  type LevelStore,
  type Operation,
  UnwatchedLogs,
  under,
  unwatchedKey,
} from './level-store.ts';

export interface LevelJournalsOptions {
  readonly keepEvents: number;
  /** Told when the store cannot be written: from then on that log is in memory only; undefined where it is old logs that cannot be dropped. */
  readonly onError: (error: unknown, log: string | undefined) => void;
  /** Dates the logs that have no subscriber, which grow old by its wall clock. Default: the machine's. */
  readonly clock?: Clock | undefined;
}

/** What is done to a log in the store while no journal stands for it. */
class LogsAtWork {
  readonly #work = new Map<string, Promise<void>>();

  on(log: string): Promise<void> {
    return this.#work.get(log) ?? Promise.resolve();
  }

  add(log: string, work: Promise<void>): void {
    this.#work.set(log, work);
    void work.then(() => {
      if (this.#work.get(log) === work) this.#work.delete(log);
    });
  }

  all(): Promise<unknown> {
    return Promise.all(this.#work.values());
  }
}

/** Keeps logs in a store that outlives the process; one process at a time. Those that nobody has watched for long go. */
export const levelJournals = (store: LevelStore, options: LevelJournalsOptions): JournalStore => {
  const { keepEvents, onError, clock = systemClock } = options;
  const journals = new Map<string, Pick<LevelJournal<unknown>, 'idle' | 'drop'>>();
  const atWork = new LogsAtWork();
  const stays = (error: unknown) => onError(error, undefined);

  const drop = (log: string) => {
    const journal = journals.get(log);
    if (journal !== undefined) journal.drop();
    else
      atWork.add(
        log,
        atWork
          .on(log)
          .then(() => clearLog(store, log))
          .catch(stays),
      );
  };
  const unwatched = new UnwatchedLogs(clock, drop);

  /** Those that were watched when the process before this one ended are not from now on. */
  const takeOver = async () => {
    const since = new Map<string, WallMs>();
    const noted: Operation[] = [];
    const now = clock.wallMs();
    for await (const [log, text] of under(store, unwatchedKey(''))) {
      since.set(log, text === '' ? now : (Number(text) as WallMs));
      if (text === '') noted.push({ type: 'put', key: unwatchedKey(log), value: String(now) });
    }
    await store.batch(noted);
    unwatched.left(since);
  };
  const takenOver = takeOver().catch(stays);

  return {
    async cursorKey(use) {
      const key = newCursorKey();
      try {
        const kept = await store.get(cursorKeyKey);
        if (kept !== undefined) return use(Buffer.from(kept, 'base64url'));
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
        keepsNothing: !name.startsWith(describedName('')),
        unwatched,
        free: () => takenOver.then(() => atWork.on(log)),
        onError: (error) => onError(error, log),
        onForget() {
          journals.delete(log);
          atWork.add(log, journal.written);
        },
      });
      journals.set(log, journal);
      return journal;
    },
    async close() {
      await takenOver;
      unwatched.close();
      await Promise.all([...journals.values()].map(({ idle }) => idle));
      await atWork.all();
      await store.close();
    },
  };
};
