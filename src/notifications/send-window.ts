import { later, type MonotonicMs } from '../upstream/index.ts';
import type { QueuedEvent } from './outbox.ts';

interface ObjectQueue {
  readonly events: QueuedEvent[];
  /** Failed deliveries of the first event. */
  failures: number;
  isInFlight: boolean;
}

/** The next event of an object. */
export interface NextEvent {
  readonly key: string;
  readonly queued: QueuedEvent;
  readonly failures: number;
}

/** Events without an object are in order among each other. */
const keyOf = ({ event }: QueuedEvent): string => event.subject ?? '';

/**
 * The first events of an outbox, by object: of each object only the first one may be sent, and a failed one delays only
 * those of its object.
 */
export class SendWindow {
  readonly #objects = new Map<string, ObjectQueue>();
  /** Keys whose first event may be sent now, in order. */
  readonly #ready = new Set<string>();
  readonly #delayed = new Map<string, MonotonicMs>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(queued: QueuedEvent): void {
    const key = keyOf(queued);
    const known = this.#objects.get(key);
    this.#size += 1;
    if (known !== undefined) return void known.events.push(queued);
    this.#objects.set(key, { events: [queued], failures: 0, isInFlight: false });
    this.#ready.add(key);
  }

  /** Takes an event to send; undefined if none may be sent now. */
  take(now: MonotonicMs): NextEvent | undefined {
    for (const [key, at] of this.#delayed) {
      if (at > now) continue;
      this.#delayed.delete(key);
      this.#ready.add(key);
    }
    const [key] = this.#ready;
    const object = key === undefined ? undefined : this.#objects.get(key);
    const queued = object?.events[0];
    if (key === undefined || object === undefined || queued === undefined) return undefined;
    this.#ready.delete(key);
    object.isInFlight = true;
    return { key, queued, failures: object.failures };
  }

  /** The event is not sent now. */
  putBack({ key }: NextEvent): void {
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
    object.events.shift();
    this.#size -= 1;
    if (object.events.length === 0) this.#objects.delete(key);
    else this.#ready.add(key);
  }

  /** The event is sent again after a delay. */
  delay(key: string, now: MonotonicMs, ms: number): void {
    const object = this.#objects.get(key);
    if (object === undefined) return;
    object.isInFlight = false;
    object.failures += 1;
    this.#delayed.set(key, later(now, ms));
  }

  /** The receiver works again: no event waits for its delay. */
  releaseDelayed(): void {
    for (const key of this.#delayed.keys()) this.#ready.add(key);
    this.#delayed.clear();
  }

  /** When the next delay ends; undefined without one. */
  get nextDelayEnd(): MonotonicMs | undefined {
    let next: MonotonicMs | undefined;
    for (const at of this.#delayed.values()) if (next === undefined || at < next) next = at;
    return next;
  }

  /** Removes events up to a place, except those that are being sent. */
  dropUpTo(place: number): void {
    for (const [key, { events, isInFlight }] of [...this.#objects]) {
      const from = isInFlight ? 1 : 0;
      let count = 0;
      while ((events[from + count]?.place ?? Number.POSITIVE_INFINITY) <= place) count += 1;
      if (count === 0) continue;
      events.splice(from, count);
      this.#size -= count;
      if (events.length > 0) continue;
      this.#objects.delete(key);
      this.#ready.delete(key);
      this.#delayed.delete(key);
    }
  }
}
