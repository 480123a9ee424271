import type { MonotonicMs, WallMs } from '../upstream/index.ts';
import { UpstreamError } from '../upstream/index.ts';
import { callPriorities } from './call-pacer.ts';
import { isRefusal } from './errors.ts';
import type { ChangeCause } from './history/history-types.ts';
import type { KeptState } from './kept-state.ts';
import type { PartPage, PartReader } from './part-reader.ts';
import type { KnownLists, PartialRead, Sweep } from './sweep-types.ts';
import { TimeSlice } from './time-slice.ts';

/** Applies pages and removals, and resolves when they are published. */
export interface PageTarget<T> {
  onPage(page: PartPage<T>, cause: ChangeCause | undefined): Promise<void>;
  /** `sentAt`: when the read began that proves it. */
  onGone(ids: readonly string[], sentAt: MonotonicMs, cause: ChangeCause | undefined): Promise<void>;
}

export interface PartReadOptions {
  readonly priority: number;
  readonly signal: AbortSignal;
  readonly token?: string | undefined;
  /** The pages before `token` were read since this date. */
  readonly resumedFrom?: WallMs | undefined;
  /** Why the part is read. */
  readonly cause?: ChangeCause | undefined;
}

/** If more objects than this are missing, their part is read again instead of confirming each absence. */
export const maxConfirmations = 50;

/**
 * Reads parts of a list, and removes the objects that a part no longer has. A read may miss an object that moves
 * between two pages, so that a second read must confirm an absence.
 */
export class PartCheck<T> {
  readonly #sweep: Sweep<T>;
  readonly #lists: KnownLists;
  readonly #reader: PartReader;
  readonly #state: KeptState<T>;
  readonly #target: PageTarget<T>;

  constructor(
    sweep: Sweep<T>,
    lists: KnownLists,
    { reader, state, target }: { reader: PartReader; state: KeptState<T>; target: PageTarget<T> },
  ) {
    this.#sweep = sweep;
    this.#lists = lists;
    this.#reader = reader;
    this.#state = state;
    this.#target = target;
  }

  /**
   * Reads a part, and removes what is gone. `onPage` is called before a page is applied. Returns since when the part is
   * known: when the read began, or `resumedFrom`, or the date of an earlier own write that stands against it.
   */
  async read(part: PartialRead<T>, options: PartReadOptions, onPage?: (page: PartPage<T>) => void): Promise<WallMs> {
    const { seen, startedAt, startedOn } = await this.#readAll(part, options, onPage);
    try {
      const missing = await this.#state.missing(part, seen, startedAt, new TimeSlice());
      if (missing.length > 0) await this.#confirm(part, missing, startedAt, options);
    } finally {
      seen.stop();
    }
    return Math.min(startedOn, options.resumedFrom ?? startedOn, seen.writtenOn ?? startedOn) as WallMs;
  }

  /** Removes what is in sections that the list no longer has. */
  async removeLost(hasSection: (section: string) => boolean, signal: AbortSignal): Promise<void> {
    const slice = new TimeSlice();
    const lost: string[] = [];
    for (const id of this.#state.ids()) {
      if (slice.isOver) await slice.next();
      const object = this.#state.get(id)?.object;
      if (object !== undefined && !hasSection(this.#sweep.sectionOf(object))) lost.push(id);
    }
    signal.throwIfAborted();
    if (lost.length > 0) await this.#confirm(undefined, lost, this.#reader.now, { signal });
  }

  /** An object of another list was removed: removes those of its section that exist only as long as it does. */
  async removeOrphansOf(section: string): Promise<void> {
    const part = { contains: { section } };
    const orphans: string[] = [];
    for await (const id of this.#state.idsIn(part, new TimeSlice())) {
      const object = this.#state.get(id)?.object;
      if (object !== undefined && this.#sweep.isOrphan?.(object, this.#lists) === true) orphans.push(id);
    }
    if (orphans.length > 0) await this.#target.onGone(orphans, this.#reader.now, undefined);
  }

  async #readAll(part: PartialRead<T>, options: PartReadOptions, onPage?: (page: PartPage<T>) => void) {
    const seen = this.#state.track(options.resumedFrom);
    let first: PartPage<T> | undefined;
    try {
      await this.#reader.read(part, {
        ...options,
        onPage: (page) => {
          first ??= page;
          onPage?.(page);
          return this.#target.onPage(page, options.cause);
        },
      });
    } catch (error) {
      seen.stop();
      throw error;
    }
    // A read that resolves has read a page.
    const { sentAt, sentOn } = first as unknown as PartPage<T>;
    return { seen, startedAt: sentAt, startedOn: sentOn };
  }

  /** `part`: undefined if the list no longer has it. */
  async #confirm(
    part: PartialRead<T> | undefined,
    missing: readonly string[],
    since: MonotonicMs,
    { signal, cause }: Pick<PartReadOptions, 'signal' | 'cause'>,
  ): Promise<void> {
    const orphans: string[] = [];
    const others: string[] = [];
    for (const id of missing) {
      const object = this.#state.get(id)?.object;
      if (object === undefined) continue;
      (this.#sweep.isOrphan?.(object, this.#lists) === true ? orphans : others).push(id);
    }
    if (orphans.length > 0) await this.#target.onGone(orphans, since, cause);
    const left = others.length > maxConfirmations ? others : await this.#confirmEach(others, { signal, cause });
    if (left.length === 0) return;
    if (part === undefined) return this.#target.onGone(left, since, cause);
    const { seen, startedAt } = await this.#readAll(part, { priority: callPriorities.confirmation, signal, cause });
    seen.stop();
    await this.#target.onGone(
      left.filter((id) => !seen.has(id)),
      startedAt,
      cause,
    );
  }

  /** Returns the objects that only a second read of their part can confirm. */
  async #confirmEach(ids: readonly string[], options: Pick<PartReadOptions, 'signal' | 'cause'>): Promise<string[]> {
    const left: string[] = [];
    const reads = new Map<string, { readonly read: PartialRead<T>; readonly ids: string[] }>();
    for (const id of ids) {
      const object = this.#state.get(id)?.object;
      const read = object === undefined ? undefined : this.#sweep.confirm(object, this.#lists);
      if (read === undefined) {
        if (object !== undefined) left.push(id);
        continue;
      }
      const known = reads.get(read.key);
      if (known === undefined) reads.set(read.key, { read, ids: [id] });
      else known.ids.push(id);
    }
    for (const { read, ids: suspects } of reads.values()) {
      try {
        const { seen, startedAt } = await this.#readAll(read, { priority: callPriorities.confirmation, ...options });
        seen.stop();
        await this.#target.onGone(
          suspects.filter((id) => !seen.has(id)),
          startedAt,
          options.cause,
        );
      } catch (error) {
        // The list itself may be allowed.
        if (!(error instanceof UpstreamError) || !isRefusal(error)) throw error;
        left.push(...suspects);
      }
    }
    return left;
  }
}
