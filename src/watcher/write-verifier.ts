import type { Clock, WallMs } from '../upstream/index.ts';
import { nowOf, settleMs } from './list-state.ts';
import { type ListWrite, ListWrites, needsRead, type PendingListWrite } from './list-writes.ts';
import type { PartialRead } from './sweep-types.ts';

export interface WriteTarget<T> {
  isLeading(): boolean;
  /** Applies the write to the list. Resolves when the changes are stored and published. */
  applyWrite(write: PendingListWrite<T>): Promise<void>;
  /** Whether the list may show later changes of what the write changes. */
  isChangedSince(write: PendingListWrite<T>): boolean;
  /** Reads a part, or the whole list. Rejects when it cannot be read. */
  request(part: PartialRead<T> | undefined): Promise<void>;
  /** Stores `announced`. */
  onVerified(): void;
}

/**
 * The principal's own writes to one list. The process that leads applies them at once, and verifies them by a read when
 * AWS's lists have settled. Other processes wait until the log has their effects.
 */
export class WriteVerifier<T> {
  readonly #clock: Clock;
  readonly #target: WriteTarget<T>;
  readonly #writes = new ListWrites<T>();
  readonly #timers = new Map<string, () => void>();

  constructor(clock: Clock, target: WriteTarget<T>) {
    this.#clock = clock;
    this.#target = target;
  }

  /** See `ListWrites.announced`. */
  get announced(): readonly string[] {
    return this.#writes.announced;
  }

  onAnnounced(ids: readonly string[]): void {
    this.#writes.onAnnounced(ids);
  }

  changedAt(asOf: WallMs | undefined): WallMs | undefined {
    return this.#writes.changedAt(asOf);
  }

  add(write: ListWrite<T>): void {
    const pending = { ...write, at: nowOf(this.#clock) };
    this.#writes.add(pending);
    if (this.#target.isLeading()) this.#apply(pending);
  }

  /** This process leads from now on: the log may lack the writes that are pending here. */
  lead(): void {
    for (const write of this.#writes.pending()) this.#apply(write);
  }

  /** Another process leads from now on, or none. */
  follow(): void {
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
    this.#writes.follow();
  }

  #apply(write: PendingListWrite<T>): void {
    const clock = this.#clock;
    const leftMs = write.at.monotonic + settleMs - clock.monotonicMs();
    // What a later write or read has shown is newer than an old reply.
    if (leftMs > 0) {
      if (needsRead(write) || this.#target.isChangedSince(write))
        for (const part of write.reads) this.#target.request(part).catch(() => undefined);
      else this.#publish(write);
    }
    this.#timers.get(write.id)?.();
    this.#timers.set(
      write.id,
      clock.after(Math.max(0, leftMs), () => {
        this.#timers.delete(write.id);
        void this.#verify(write);
      }),
    );
  }

  #publish(write: PendingListWrite<T>): void {
    this.#writes.announce(write.id);
    this.#target.applyWrite(write).then(
      () => {
        if (this.#target.isLeading()) this.#writes.onPublished(write.id);
      },
      () => undefined,
    );
  }

  /** A write that cannot be verified now stays pending until the next sweep. */
  async #verify(write: PendingListWrite<T>): Promise<void> {
    const reads = await Promise.allSettled(write.reads.map((part) => this.#target.request(part)));
    if (!this.#target.isLeading() || reads.some(({ status }) => status === 'rejected')) return;
    this.#writes.remove(write.id);
    if (this.#writes.announced.includes(write.id)) return;
    this.#writes.announce(write.id);
    this.#target.onVerified();
  }
}
