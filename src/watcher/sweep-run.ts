import { setMaxListeners } from 'node:events';
import type { OperationName, WallMs } from '../upstream/index.ts';
import type { Activity } from './activity.ts';
import { sourceRefused } from './errors.ts';
import type { KeptState } from './kept-state.ts';
import { maxConfirmations, type PartCheck } from './part-check.ts';
import { PartQueue } from './part-queue.ts';
import type { PartPage } from './part-reader.ts';
import type { PartTimes } from './part-times.ts';
import { hashesOf, hashOf, maxStoredParts, type StoredSweep, type SweepCost } from './sweep-progress.ts';
import type { KnownLists, PartialRead, Sweep } from './sweep-types.ts';
import { TimeSlice } from './time-slice.ts';

export interface SweepRunOptions<T> {
  readonly sweep: Sweep<T>;
  readonly lists: KnownLists;
  readonly state: KeptState<T>;
  readonly check: PartCheck<T>;
  readonly times: PartTimes;
  /** Changes of the lists that determine the parts. */
  readonly changes: Activity;
  readonly now: () => { readonly ms: number; readonly date: WallMs };
  /** See `callPriorities`. */
  readonly priority: number;
  /** The calls of the last sweep, for the ratio. */
  readonly lastCalls: number;
  /** Called when the number of parts is known. */
  readonly onCounted: () => void;
}

/** So many parts are read at the same time, as a call may take longer than the pause between two. */
const maxParallelParts = 4;

/** One sweep: reads every part of a list once. */
export class SweepRun<T> {
  readonly #options: SweepRunOptions<T>;
  readonly #queue: PartQueue<T>;
  readonly #calls = new Map<OperationName, number>();
  readonly #tokens = new Map<string, string>();
  readonly #restored: StoredSweep | undefined;
  readonly #sections = new Set<string>();
  /** Whether each part is a section. */
  #isSectioned = true;
  /** When the first call was sent. */
  #startedOn: WallMs | undefined;
  /** See `StoredSweep`. */
  #storedParts = '';
  #isMany: boolean;
  #longestPartMs = 0;

  /** `restored`: what another process or an earlier run has read already. */
  constructor(options: SweepRunOptions<T>, restored?: StoredSweep) {
    this.#options = options;
    this.#restored = restored;
    this.#startedOn = restored?.startedOn;
    this.#storedParts = restored?.done ?? '';
    this.#isMany = restored?.isMany ?? false;
    for (const [operation, calls] of Object.entries(restored?.calls ?? {}))
      this.#calls.set(operation as OperationName, calls);
    const hashes = hashesOf(this.#storedParts);
    this.#queue = new PartQueue(
      options,
      (part) => this.#noteSection(part),
      async (part) => hashes.has(hashOf(part.key)) || (await this.#needsNoRead(part)),
    );
  }

  /** Resolves when the list is complete. Rejects when AWS refuses a part, and with the signal's reason. */
  async run(signal: AbortSignal): Promise<void> {
    const failed = new AbortController();
    const either = AbortSignal.any([signal, failed.signal]);
    setMaxListeners(0, either);
    const work = () => this.#work(either).catch((error: unknown) => failed.abort(error));
    await Promise.all(Array.from({ length: maxParallelParts }, work));
    either.throwIfAborted();
    const { times, check, sweep } = this.#options;
    // Nothing is known of such a list: it is not empty.
    const refused = this.#queue.refusedSource;
    if (refused !== undefined) throw sourceRefused(sweep.list, refused);
    if (this.#isSectioned) await check.removeLost((section) => this.#sections.has(section), signal);
    times.dropWhile((key) => !this.#queue.isDone(key));
    times.floor = this.#restored?.startedOn;
  }

  /** A part was read for another reason. */
  markRead(key: string): void {
    this.#queue.markDone(key);
  }

  /** When the first call was sent, or the list was found to have no parts. */
  get startedOn(): WallMs {
    return this.#startedOn ?? this.#options.now().date;
  }

  get cost(): SweepCost {
    return { calls: Object.fromEntries(this.#calls), partMs: this.#longestPartMs };
  }

  /** The calls of each operation that the whole sweep takes at least, as far as it is known. */
  get leastCalls(): ReadonlyMap<OperationName, number> {
    const least = new Map(this.#calls);
    for (const [operation, parts] of this.#queue.counted)
      least.set(operation, Math.max(parts, least.get(operation) ?? 0));
    return least;
  }

  /** The part of the sweep that is done, 0 to below 1. */
  get ratio(): number {
    const { done, total } = this.#queue;
    let calls = 0;
    for (const count of this.#calls.values()) calls += count;
    const byCalls = total > 1 ? 0 : calls / Math.max(this.#options.lastCalls, calls + 1);
    return Math.min(0.99, Math.max(done / Math.max(1, total), byCalls));
  }

  get stored(): StoredSweep | undefined {
    if (this.#startedOn === undefined) return undefined;
    return {
      startedOn: this.#startedOn,
      done: this.#storedParts,
      isMany: this.#isMany,
      calls: Object.fromEntries(this.#calls),
      tokens: Object.fromEntries(this.#tokens),
    };
  }

  /** Whether unchanged objects are stored again, so that the next leader knows which parts are done. */
  get touches(): boolean {
    return this.#isMany || this.#queue.total > maxStoredParts;
  }

  async #work(signal: AbortSignal): Promise<void> {
    for (;;) {
      const part = await this.#queue.next(signal);
      if (part === undefined) return;
      await this.#read(part, signal);
    }
  }

  async #read(part: PartialRead<T>, signal: AbortSignal): Promise<void> {
    const { check, times, priority, now } = this.#options;
    const hash = hashOf(part.key);
    const resumed = await this.#resumeAt(part, hash);
    const startedAt = now().ms;
    const knownSince = await check.read(part, { priority, signal, ...resumed }, (page) => this.#onPage(hash, page));
    this.#longestPartMs = Math.max(this.#longestPartMs, now().ms - startedAt);
    this.#tokens.delete(hash);
    if (this.#storedParts.length < maxStoredParts * hash.length) this.#storedParts += hash;
    else this.#isMany = true;
    times.set(part.key, knownSince);
    if (this.#startedOn !== undefined && knownSince < this.#startedOn) this.#startedOn = knownSince;
    this.#queue.onRead(part.key);
  }

  #onPage(hash: string, { operation, sentOn, calls, nextToken }: PartPage<T>): void {
    this.#startedOn ??= sentOn;
    this.#calls.set(operation, (this.#calls.get(operation) ?? 0) + calls);
    if (nextToken === undefined) this.#tokens.delete(hash);
    else this.#tokens.set(hash, nextToken);
  }

  /**
   * The page at which another process has stopped. Objects that did not change lack the date at which it saw them: if
   * they are many, the part would have to be read twice.
   */
  async #resumeAt(part: PartialRead<T>, hash: string) {
    const { startedOn, tokens } = this.#restored ?? {};
    const token = tokens?.[hash];
    if (token === undefined || startedOn === undefined) return undefined;
    let unseen = 0;
    for await (const id of this.#options.state.idsIn(part, new TimeSlice())) {
      if ((this.#options.state.get(id)?.observedAt ?? 0) < startedOn) unseen += 1;
      if (unseen > maxConfirmations) return undefined;
    }
    return { token, resumedFrom: startedOn };
  }

  /** Whether the part is read once only, or was read before a restart. */
  async #needsNoRead(part: PartialRead<T>): Promise<boolean> {
    const { sweep, lists, state } = this.#options;
    const slice = new TimeSlice();
    if (sweep.isReadOnce?.(part, lists) === true) {
      for await (const _ of state.idsIn(part, slice)) {
        // It does not count for the age of the list.
        this.#options.times.delete(part.key);
        return true;
      }
    }
    if (this.#restored?.isMany !== true || !('section' in part.contains)) return false;
    return await state.wasReadSince(part.contains.section, this.#restored.startedOn, slice);
  }

  #noteSection({ contains }: PartialRead<T>): void {
    if ('section' in contains) this.#sections.add(contains.section);
    else this.#isSectioned = false;
  }
}
