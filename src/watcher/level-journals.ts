import type { AbstractBatchOperation, AbstractLevel } from 'abstract-level';
import type { Principal } from '../principal/principal.ts';
import { decode, encode } from './codec.ts';
import type { LogRecord, Place } from './event-log.ts';
import {
  type Batch,
  type Journal,
  type JournalReader,
  type JournalStore,
  memoryJournals,
  newEpoch,
  type Sighted,
} from './journal.ts';
import { describedName } from './sources.ts';

/** Any store of the level family: LevelDB in a folder, or in memory for tests. */
export type LevelStore = AbstractLevel<string | Buffer | Uint8Array, string, string>;
type Operation = AbstractBatchOperation<LevelStore, string, string>;

export interface LevelJournalOptions {
  readonly keepEvents: number;
  /** Told when the store cannot be written; from then on that log is in memory only. */
  readonly onError: (error: unknown, log: string) => void;
}

/** What is kept of a log beside its objects and its changes. */
interface Head {
  /** The place before the oldest change that is kept. */
  readonly base: Place;
  /** Whether the list has been read to its end once. */
  readonly complete: boolean;
}

/** Sequences as text that sorts as they do. */
const padded = (sequence: number) => String(sequence).padStart(16, '0');

/**
 * One log in the store, under three kinds of keys: `<log>!head`, `<log>!object!<id>` and `<log>!event!<sequence>`. A batch is written in one piece,
 * before it is told, so that after a crash the store holds a state that was, and its log up to then.
 */
class LevelJournal<T> implements Journal<T> {
  readonly #store: LevelStore;
  readonly #log: string;
  readonly #reader: JournalReader<T>;
  readonly #options: LevelJournalOptions;
  /** This process is one run: what it numbers cannot be taken for what a lost piece of the store had numbered alike. */
  readonly #epoch = newEpoch();
  #head: Head | undefined;
  #kept: Place[] = [];
  #loading: Promise<void> | undefined;
  #started = false;
  #broken = false;
  #writing = 0;
  #tail: Promise<void> = Promise.resolve();

  constructor(store: LevelStore, log: string, reader: JournalReader<T>, options: LevelJournalOptions) {
    this.#store = store;
    this.#log = log;
    this.#reader = reader;
    this.#options = options;
  }

  /** Settles when everything so far is written. */
  get written(): Promise<void> {
    return this.#tail;
  }

  start(): void {
    this.#started = true;
    if (this.#head !== undefined) this.#reader.lead(this.#epoch);
    else this.#loading ??= this.#load();
  }

  stop(): void {
    this.#started = false;
  }

  commit(batch: Batch<T>): void {
    const operations = this.#operations(batch);
    if (this.#writing === 0 && operations.length === 0) {
      this.#reader.committed(batch);
      return;
    }
    this.#writing += 1;
    this.#tail = this.#tail
      .then(() => this.#write(operations))
      .then(() => {
        this.#writing -= 1;
        this.#reader.committed(batch);
      });
  }

  ask(): void {}

  async #write(operations: Operation[]): Promise<void> {
    if (this.#broken || operations.length === 0) return;
    try {
      await this.#store.batch(operations);
    } catch (error) {
      this.#broken = true;
      this.#options.onError(error, this.#log);
    }
  }

  async #load(): Promise<void> {
    try {
      const head = await this.#store.get(`${this.#log}!head`);
      if (head !== undefined) await this.#restore(decode(head) as Head);
      else this.#head = { base: this.#reader.last, complete: false };
    } catch (error) {
      this.#loading = undefined;
      if (this.#started) this.#reader.failed(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    if (this.#started) this.#reader.lead(this.#epoch);
  }

  async #restore(head: Head): Promise<void> {
    const objects = new Map<string, Sighted<T>>();
    for await (const [key, value] of this.#all('object')) objects.set(key, decode(value) as Sighted<T>);
    const records: LogRecord<T>[] = [];
    for await (const [, value] of this.#all('event')) records.push(decode(value) as LogRecord<T>);
    this.#head = head;
    this.#kept = records.map(({ epoch, sequence }) => ({ epoch, sequence }));
    this.#reader.restored({ base: head.base, records, objects: head.complete ? objects : undefined });
  }

  async *#all(kind: string): AsyncIterable<[string, string]> {
    const prefix = `${this.#log}!${kind}!`;
    // '"' is the character behind '!'.
    for await (const [key, value] of this.#store.iterator({ gt: prefix, lt: `${this.#log}!${kind}"` })) {
      yield [key.slice(prefix.length), value];
    }
  }

  #operations({ records, patch, read }: Batch<T>): Operation[] {
    const put = (key: string, value: unknown) =>
      operations.push({ type: 'put', key: `${this.#log}!${key}`, value: encode(value) });
    const del = (key: string) => operations.push({ type: 'del', key: `${this.#log}!${key}` });
    const operations: Operation[] = [];
    for (const [id, sighted] of patch) {
      if (sighted === undefined) del(`object!${id}`);
      else put(`object!${id}`, sighted);
    }
    for (const record of records) {
      put(`event!${padded(record.sequence)}`, record);
      this.#kept.push({ epoch: record.epoch, sequence: record.sequence });
    }
    let { base, complete }: Head = this.#head ?? { base: this.#reader.last, complete: false };
    if (this.#kept.length >= 2 * this.#options.keepEvents) {
      const old = this.#kept.splice(0, this.#kept.length - this.#options.keepEvents);
      for (const { sequence } of old) del(`event!${padded(sequence)}`);
      base = old.at(-1) ?? base;
    }
    complete ||= read !== undefined;
    if (operations.length > 0 || complete !== this.#head?.complete) {
      this.#head = { base, complete };
      put('head', this.#head);
    }
    return operations;
  }
}

/** Keeps logs in a store that outlives the process; one process at a time. */
export const levelJournals = (store: LevelStore, options: LevelJournalOptions): JournalStore => {
  const journals = new Set<{ readonly written: Promise<void> }>();
  return {
    open<T>(principal: Principal, log: string, reader: JournalReader<T>) {
      // One object that no list shows: there may be ever more of them, and their cursors are seldom used again.
      if (log.startsWith(describedName(''))) return memoryJournals.open(principal, log, reader);
      const journal = new LevelJournal(store, keyOf(principal, log), reader, options);
      journals.add(journal);
      return journal;
    },
    async close() {
      await Promise.all([...journals].map(({ written }) => written));
      await store.close();
    },
  };
};

/** Names a log by whatever says whose it is: a principal that is pointed at another account or endpoint must not inherit. */
export const keyOf = ({ name, configuredAccountId = '', endpoint = '' }: Principal, log: string): string =>
  [name, configuredAccountId, endpoint, log].map(encodeURIComponent).join('/');
