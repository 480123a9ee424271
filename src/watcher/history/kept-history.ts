import type { Principal } from '../../principal/principal.ts';
import { later, type MonotonicMs } from '../../upstream/index.ts';
import type { WatchContext } from '../context.ts';
import type { JournalStore } from '../journal.ts';
import type { KeptListName } from '../kept-types.ts';
import type { KnownLists } from '../sweep-types.ts';
import type { HistoryReader, HistoryStore } from './history-types.ts';
import { type HistorySource, HistoryWriter } from './history-writer.ts';
import { MemoryHistory } from './memory-history.ts';
import { changeOfRecord, isNamed, ObjectNames } from './record-changes.ts';

export interface KeptHistoryOptions {
  readonly context: WatchContext;
  readonly principal: Principal;
  readonly journals: JournalStore;
  readonly lists: KnownLists;
}

interface OpenHistory {
  readonly store: HistoryStore;
  readonly writer: HistoryWriter;
  readonly reader: HistoryReader;
}

/** The maximum retention without a store, in ms. */
const memoryRetentionMs = 86_400_000;
/** At most one failure is logged in this time, in ms. */
const minLogIntervalMs = 60_000;

/** The history of the organization that a copy holds. Each organization has its own. */
export class KeptHistory {
  readonly #options: KeptHistoryOptions;
  readonly #names: ObjectNames;
  readonly #sources = new Map<KeptListName, HistorySource>();
  #open: OpenHistory | undefined;
  #quietUntil = Number.NEGATIVE_INFINITY as MonotonicMs;

  constructor(options: KeptHistoryOptions) {
    this.#options = options;
    this.#names = new ObjectNames(options.lists);
  }

  /** Undefined while the organization is not known. */
  get reader(): HistoryReader | undefined {
    return this.#open?.reader;
  }

  /** Opens the history of an organization, and closes that of another one. */
  open(organizationId: string | undefined): void {
    this.close();
    if (organizationId === undefined) return;
    const { context, principal, journals } = this.#options;
    const { clock, historyRetentionMs } = context;
    const retentionMs = Math.min(historyRetentionMs, memoryRetentionMs);
    const store =
      journals.openHistory?.(principal, `history@${organizationId}`) ?? new MemoryHistory({ clock, retentionMs });
    const writer = new HistoryWriter({
      store,
      clock,
      changeOf: (list, record) =>
        // The list of the organization is one, whichever organization the account is in.
        list === 'organization' && record.id !== organizationId
          ? undefined
          : changeOfRecord(list, record, (id) => this.#names.of(id)),
      onError: (error) => this.#report(error),
    });
    for (const [name, source] of this.#sources) writer.add(name, source);
    this.#open = { store, writer, reader: this.#createReader(store, writer) };
  }

  /** Stores the changes of a list from now on. */
  add(name: KeptListName, source: HistorySource): void {
    if (isNamed(name)) source.list.onRecords((_before, records) => this.#names.onRecords(records));
    this.#sources.set(name, source);
    this.#open?.writer.add(name, source);
  }

  delete(name: KeptListName): void {
    this.#sources.delete(name);
    this.#open?.writer.delete(name);
  }

  /** Stores what an earlier process has not stored. */
  check(): void {
    this.#open?.writer.check();
  }

  close(): void {
    this.#open?.writer.close();
    this.#open?.store.close();
    this.#open = undefined;
  }

  /** A client that has read a change, or made one through this process, finds it in the history. */
  #createReader(store: HistoryStore, writer: HistoryWriter): HistoryReader {
    const { journals } = this.#options;
    return {
      async read(range) {
        await journals.published?.();
        await writer.settled();
        return await store.read(range);
      },
      gaps: (since, until, objectIds) => store.gaps(since, until, objectIds),
    };
  }

  #report(error: unknown): void {
    const { clock, log } = this.#options.context;
    const now = clock.monotonicMs();
    if (now < this.#quietUntil) return;
    this.#quietUntil = later(now, minLogIntervalMs);
    log?.warn?.(
      { err: error, principal: this.#options.principal.name },
      'The history of changes cannot be stored, and is retried. Check the store.',
    );
  }
}
