import { later, type MonotonicMs, type WallMs } from '../upstream/index.ts';
import type { QueuedEvent } from './outbox.ts';

interface Entry {
  readonly place: number;
  readonly at: WallMs;
  /** Undefined if the event has to be read again, as it waits for longer. */
  queued: QueuedEvent | undefined;
}

interface ObjectQueue {
  readonly entries: Entry[];
  /** Failed deliveries of the first event. */
  failures: number;
  isInFlight: boolean;
}

/** The next event of an object. */
export interface NextEvent extends Readonly<Entry> {
  readonly key: string;
  readonly failures: number;
}

/** Events without an object are in order among each other. */
const keyOf = ({ event }: QueuedEvent): string => event.subject ?? '';

/**
 * The events of an outbox, by object: of each object only the first one may be sent, and a failed one delays only those
 * of its object. Delayed events keep their places only, so that however many there are, others are read.
 */
export class SendWindow {
  readonly #objects = new Map<string, ObjectQueue>();
  /** Keys whose first event may be sent now, in order. */
  readonly #ready = new Set<string>();
  readonly #delayed = new Map<string, MonotonicMs>();
  #nextDelayEnd: MonotonicMs | undefined;
  #heldEvents = 0;

  get isEmpty(): boolean {
    return this.#objects.size === 0;
  }

  /** Events in memory. */
  get heldEvents(): number {
    return this.#heldEvents;
  }

  add(queued: QueuedEvent): void {
    const key = keyOf(queued);
    const { place, at } = queued;
    const known = this.#objects.get(key);
    if (known === undefined) {
      this.#objects.set(key, { entries: [{ place, at, queued }], failures: 0, isInFlight: false });
      this.#ready.add(key);
    } else known.entries.push({ place, at, queued: this.#delayed.has(key) ? undefined : queued });
    if (!this.#delayed.has(key)) this.#heldEvents += 1;
  }

  /** Takes an event to send; undefined if none may be sent now. */
  take(now: MonotonicMs): NextEvent | undefined {
    this.#releaseDue(now);
    const [key] = this.#ready;
    const object = key === undefined ? undefined : this.#objects.get(key);
    const entry = object?.entries[0];
    if (key === undefined || object === undefined || entry === undefined) return undefined;
    this.#ready.delete(key);
    object.isInFlight = true;
    return { ...entry, key, failures: object.failures };
  }

  /** The event is not sent now. */
  putBack({ key }: Pick<NextEvent, 'key'>): void {
    const object = this.#objects.get(key);
    if (object === undefined) return;
    object.isInFlight = false;
    this.#ready.add(key);
  }

  /** The event is delivered or a dead letter: the next one of its object follows. */
  settle(key: string): void {
    const object = this.#objects.get(key);
    if (object === undefined) return;
    object.isInFlight = false;
    object.failures = 0;
    this.#release(object.entries.splice(0, 1));
    if (object.entries.length === 0) this.#objects.delete(key);
    else this.#ready.add(key);
  }

  /** The event is sent again after a delay. */
  delay(key: string, now: MonotonicMs, ms: number): void {
    const object = this.#objects.get(key);
    if (object === undefined) return;
    object.isInFlight = false;
    object.failures += 1;
    this.#release(object.entries);
    const at = later(now, ms);
    this.#delayed.set(key, at);
    this.#nextDelayEnd = this.#nextDelayEnd === undefined || at < this.#nextDelayEnd ? at : this.#nextDelayEnd;
  }

  /** The receiver works again: no event waits for its delay. */
  releaseDelayed(): void {
    for (const key of this.#delayed.keys()) this.#ready.add(key);
    this.#delayed.clear();
    this.#nextDelayEnd = undefined;
  }

  /** When the next delay ends, or before it; undefined without one. */
  get nextDelayEnd(): MonotonicMs | undefined {
    return this.#nextDelayEnd;
  }

  /** Removes events up to a place, except those that are being sent. */
  dropUpTo(place: number): void {
    for (const [key, { entries, isInFlight }] of [...this.#objects]) {
      const from = isInFlight ? 1 : 0;
      let count = 0;
      while ((entries[from + count]?.place ?? Number.POSITIVE_INFINITY) <= place) count += 1;
      if (count === 0) continue;
      this.#release(entries.splice(from, count));
      if (entries.length > 0) continue;
      this.#objects.delete(key);
      this.#ready.delete(key);
      this.#delayed.delete(key);
    }
  }

  #releaseDue(now: MonotonicMs): void {
    if (this.#nextDelayEnd === undefined || this.#nextDelayEnd > now) return;
    this.#nextDelayEnd = undefined;
    for (const [key, at] of this.#delayed) {
      if (at > now) {
        if (this.#nextDelayEnd === undefined || at < this.#nextDelayEnd) this.#nextDelayEnd = at;
        continue;
      }
      this.#delayed.delete(key);
      this.#ready.add(key);
    }
  }

  #release(entries: readonly Entry[]): void {
    for (const entry of entries) {
      if (entry.queued === undefined) continue;
      entry.queued = undefined;
      this.#heldEvents -= 1;
    }
  }
}
