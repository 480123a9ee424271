import type { Principal } from '../../../src/principal/principal.ts';
import { systemClock, type WallMs } from '../../../src/upstream/index.ts';
import { decode, encode } from '../../../src/watcher/codec.ts';
import { MemoryHistory } from '../../../src/watcher/history/memory-history.ts';
import {
  type Batch,
  type Journal,
  type JournalReader,
  type JournalStore,
  type LogOffset,
  type LogRecord,
  newEpoch,
  type ObservedObject,
} from '../../../src/watcher/index.ts';

interface Written<T> {
  readonly records: readonly LogRecord<T>[];
  readonly patch: readonly (readonly [string, ObservedObject<T> | null])[];
  readonly read: boolean;
  readonly at: WallMs;
  readonly progress?: string | undefined;
  readonly asOf?: WallMs | undefined;
}

/** A copy of a batch, as another process decodes it. */
const copied = <T>({ records, patch, read, at, progress, asOf }: Batch<T>): Batch<T> => {
  const entries = Array.from(patch, ([id, sighted]) => [id, sighted ?? null] as const);
  const text = encode({ records, patch: entries, read: read !== undefined, at, progress, asOf } satisfies Written<T>);
  const copy = decode(text) as Written<T>;
  return {
    records: copy.records,
    patch: new Map(copy.patch.map(([id, sighted]) => [id, sighted ?? undefined])),
    read: copy.read ? 0 : undefined,
    at: copy.at,
    progress: copy.progress,
    asOf: copy.asOf,
  };
};

/** One log, and the processes that share it. */
class SharedLog<T> {
  readonly #batches: { readonly before: LogOffset; readonly batch: Batch<T> }[] = [];
  readonly #objects = new Map<string, ObservedObject<T>>();
  #complete = false;
  #progress: string | undefined;
  #asOf: WallMs | undefined;
  #leader: SharedJournal<T> | undefined;
  readonly members = new Set<SharedJournal<T>>();

  /** Makes the process that joined first the leader, unless there is one. */
  elect(): void {
    if (this.#leader !== undefined) return;
    const [next] = this.members;
    this.#leader = next;
    if (next === undefined) return;
    next.catchUp();
    next.reader.lead(newEpoch());
  }

  leave(journal: SharedJournal<T>): void {
    this.members.delete(journal);
    if (this.#leader === journal) this.#leader = undefined;
  }

  isLedBy(journal: SharedJournal<T>): boolean {
    return this.#leader === journal;
  }

  get leader(): SharedJournal<T> | undefined {
    return this.#leader;
  }

  get revision(): number {
    return this.#batches.length;
  }

  add(by: SharedJournal<T>, batch: Batch<T>): void {
    const before = this.#batches.at(-1)?.batch.records.at(-1) ?? by.reader.last;
    const copy = copied(batch);
    this.#batches.push({ before, batch: copy });
    for (const [id, sighted] of copy.patch) {
      if (sighted === undefined) this.#objects.delete(id);
      else this.#objects.set(id, sighted);
    }
    if (batch.read !== undefined) this.#complete = true;
    this.#progress = batch.progress ?? this.#progress;
    this.#asOf = batch.asOf ?? this.#asOf;
  }

  since(revision: number): readonly Batch<T>[] {
    return this.#batches.slice(revision).map(({ batch }) => batch);
  }

  restoreTo(reader: JournalReader<T>): void {
    reader.onRestored({
      base: this.#batches[0]?.before ?? reader.last,
      records: this.#batches.flatMap(({ batch }) => batch.records),
      objects: this.#complete ? new Map(this.#objects) : undefined,
      partial: this.#complete ? undefined : new Map(this.#objects),
      progress: this.#progress,
      asOf: this.#asOf,
    });
  }
}

class SharedJournal<T> implements Journal<T> {
  readonly reader: JournalReader<T>;
  readonly #log: SharedLog<T>;
  #revision: number | undefined;

  constructor(log: SharedLog<T>, reader: JournalReader<T>) {
    this.#log = log;
    this.reader = reader;
  }

  start(): void {
    this.#log.members.add(this);
    if (this.#log.leader === undefined) this.#log.elect();
    else {
      this.catchUp();
      // The read may come at any later time.
      this.requestRead(0);
    }
  }

  stop(): void {
    if (!this.#log.members.has(this)) return;
    this.#log.leave(this);
    this.reader.follow();
    this.#log.elect();
  }

  commit(batch: Batch<T>): void {
    // A process without the lease adds nothing.
    if (!this.#log.isLedBy(this)) return;
    this.#log.add(this, batch);
    this.#revision = this.#log.revision;
    this.reader.onCommitted(batch);
    for (const other of this.#log.members) {
      if (other === this) continue;
      other.catchUp();
      if (batch.read !== undefined) other.reader.onReadElsewhere(batch.at);
    }
  }

  requestRead(number: number): void {
    const { leader } = this.#log;
    if (leader === undefined || leader === this) return;
    leader.reader.readForOther().then(
      () => {
        if (this.#log.members.has(this) && !this.#log.isLedBy(this)) this.reader.onRequestCompleted(number);
      },
      () => undefined,
    );
  }

  catchUp(): void {
    const known = this.#revision;
    this.#revision = this.#log.revision;
    // As in Redis, a process that knows nothing of a log reads it as a whole, with the offset at which it begins.
    if (known === undefined || known === 0) {
      if (this.#log.revision > 0) this.#log.restoreTo(this.reader);
    } else {
      for (const batch of this.#log.since(known)) this.reader.onCommitted(batch);
    }
  }

  /** Ends the process at once. The log has no leader until `elect`. */
  die(): void {
    this.#log.leave(this);
  }
}

/** Logs that several processes share, like those in Redis but synchronous, for tests with a fake clock. */
export class SharedJournals {
  readonly #logs = new Map<string, SharedLog<never>>();
  readonly #histories = new Map<string, MemoryHistory>();
  readonly #listeners = new Map<object, (message: unknown) => void>();
  /** Delivers a message to the other processes; a test may let it wait. */
  deliver: (send: () => void) => void = (send) => send();

  /** The journals of one more process, and a function that kills it. */
  join(): { readonly journals: JournalStore; readonly kill: () => void } {
    const own: SharedJournal<never>[] = [];
    const process = {};
    return {
      journals: {
        relay: {
          send: async (message) => {
            const copy = decode(encode(message));
            this.deliver(() => {
              for (const [other, listener] of this.#listeners) if (other !== process) listener(copy);
            });
          },
          listen: (listener) => void this.#listeners.set(process, listener),
        },
        open: <T>(principal: Principal, name: string, reader: JournalReader<T>) => {
          const key = `${principal.name} ${name}`;
          const log = (this.#logs.get(key) ?? new SharedLog<T>()) as SharedLog<T>;
          this.#logs.set(key, log as SharedLog<never>);
          const journal = new SharedJournal(log, reader);
          own.push(journal as SharedJournal<never>);
          return journal;
        },
        openHistory: ({ name }, history) => {
          const key = `${name} ${history}`;
          const known = this.#histories.get(key);
          const shared = known ?? new MemoryHistory({ clock: systemClock, retentionMs: Number.POSITIVE_INFINITY });
          this.#histories.set(key, shared);
          return {
            offset: (list) => shared.offset(list),
            append: (batch) => shared.append(batch),
            read: (range) => shared.read(range),
            gaps: (...range) => shared.gaps(...range),
            // The other processes continue to use it.
            close: () => undefined,
          };
        },
        close: async () => {},
      },
      kill: () => {
        this.#listeners.delete(process);
        for (const journal of own) journal.die();
      },
    };
  }

  /** Ends the leases of killed processes, so that others take over. */
  elect(): void {
    for (const log of this.#logs.values()) log.elect();
  }
}
