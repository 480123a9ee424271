import type { NotificationConfig } from '../config/index.ts';
import { type Clock, later, type MonotonicMs } from '../upstream/index.ts';
import { delayAfter } from './backoff.ts';
import type { Deliver, DeliveryResult } from './delivery.ts';
import { eventAt, type NotificationEvent } from './events/event.ts';
import { type Gap, gapEvent } from './events/other-events.ts';
import type { Outbox, QueuedEvent } from './outbox.ts';
import { type NextEvent, SendWindow } from './send-window.ts';
import type { DestinationStatus } from './status.ts';

export interface SenderOptions {
  readonly name: string;
  readonly outbox: Outbox;
  readonly deliver: Deliver;
  readonly retry: NotificationConfig['retry'];
  readonly clock: Clock;
  readonly random: () => number;
  readonly status: DestinationStatus;
  /** Whether this process may send now. */
  readonly mayISend: () => boolean;
  /** Called when the outbox cannot be read or changed. The sender sends nothing after it. */
  readonly onError: (error: unknown) => void;
}

/** The most deliveries to one destination at a time. */
const MAX_IN_FLIGHT = 4;
/** While a destination fails, one delivery at a time finds out whether it works again. */
const FAILURES_UNTIL_FAILING = 3;
/** The longest time between two such deliveries, in ms. */
const MAX_PAUSE_MS = 60_000;
/** The most events in memory. */
const MAX_HELD = 500;
const MIN_READ = 100;

/** Delivers the events of an outbox, those of each object in order, until it is stopped. */
export class Sender {
  readonly #options: SenderOptions;
  readonly #window = new SendWindow();
  readonly #abort = new AbortController();
  #inFlight = 0;
  #lastRead = 0;
  #isReading = false;
  #isSendingGap = false;
  #isBurying = false;
  /** Of all objects, in a row. */
  #failures = 0;
  #pausedUntil = Number.NEGATIVE_INFINITY as MonotonicMs;
  #cancelTimer: (() => void) | undefined;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Sends what the outbox has now. */
  wake(): void {
    if (this.#abort.signal.aborted) return;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const { outbox } = this.#options;
    if (outbox.state.disabledAt !== undefined) return;
    if (!this.#isReading && this.#window.heldEvents <= MAX_HELD - MIN_READ && this.#lastRead < outbox.state.tail)
      void this.#read();
    // One time for both: an event that waits for the end of a pause must not find that it has ended in between.
    const now = this.#now;
    this.#sendAll(now);
    this.#setTimer(now);
  }

  /** Tries to deliver all events now, whatever failed before. */
  retryNow(): void {
    this.#pausedUntil = Number.NEGATIVE_INFINITY as MonotonicMs;
    this.#window.releaseDelayed();
    this.wake();
  }

  /** Events up to this place are not in the outbox any more. */
  dropUpTo(place: number): void {
    this.#window.dropUpTo(place);
    this.wake();
  }

  /** Cancels deliveries in flight. */
  stop(): void {
    this.#abort.abort();
    this.#cancelTimer?.();
  }

  get #now(): MonotonicMs {
    return this.#options.clock.monotonicMs();
  }

  get #maxInFlight(): number {
    return this.#failures >= FAILURES_UNTIL_FAILING ? 1 : MAX_IN_FLIGHT;
  }

  async #read(): Promise<void> {
    this.#isReading = true;
    const { outbox } = this.#options;
    // Of the events up to here, all that the read does not find are settled. Later ones may be added meanwhile.
    const { tail } = outbox.state;
    try {
      const found = await outbox.read(this.#lastRead, MAX_HELD - this.#window.heldEvents);
      this.#lastRead = found.at(-1)?.place ?? tail;
      for (const queued of found) this.#window.add(queued);
    } catch (error) {
      this.#options.onError(error);
      return;
    } finally {
      this.#isReading = false;
    }
    this.wake();
  }

  #sendAll(now: MonotonicMs): void {
    const { outbox, mayISend } = this.#options;
    while (this.#inFlight < this.#maxInFlight && !this.#isSendingGap) {
      if (this.#pausedUntil > now) {
        void this.#buryExpired();
        return;
      }
      if (!mayISend()) return;
      const { gap } = outbox.state;
      if (gap !== undefined) return void this.#sendGap(gap);
      const next = this.#window.take(this.#now);
      if (next === undefined) return;
      void this.#send(next);
    }
  }

  #setTimer(now: MonotonicMs): void {
    const { nextDelayEnd } = this.#window;
    const isPaused = this.#pausedUntil > now && (!this.#window.isEmpty || this.#options.outbox.state.gap);
    const times = [...(isPaused ? [this.#pausedUntil] : []), ...(nextDelayEnd === undefined ? [] : [nextDelayEnd])];
    // Without a lease nothing is sent. Its renewal wakes the sender.
    if (times.length === 0 || this.#inFlight >= this.#maxInFlight || !this.#options.mayISend()) return;
    // A pause delays all others, and ends the wait for expired events.
    const at = isPaused ? this.#pausedUntil : Math.min(...times);
    this.#cancelTimer = this.#options.clock.after(Math.max(1, at - now), () => this.wake());
  }

  /** Events that waited for too long while the destination fails are not sent once more. */
  async #buryExpired(): Promise<void> {
    if (this.#isBurying) return;
    this.#isBurying = true;
    const { outbox, status } = this.#options;
    while (!this.#abort.signal.aborted) {
      const next = this.#window.take(this.#now);
      if (next === undefined) break;
      if (!this.#isExpired(next)) {
        this.#window.putBack(next);
        break;
      }
      const queued = await this.#eventOf(next);
      if (queued === undefined) continue;
      status.onDeadLetter();
      await this.#settle(next, outbox.bury(queued, status.lastError ?? 'expired'));
    }
    this.#isBurying = false;
  }

  /** In flight until its end is stored, as a crash before that delivers it again. */
  async #send(next: NextEvent): Promise<void> {
    this.#inFlight += 1;
    await this.#deliver(next);
    this.#inFlight -= 1;
    this.wake();
  }

  async #deliver(next: NextEvent): Promise<void> {
    const { outbox, status, retry, random } = this.#options;
    const queued = await this.#eventOf(next);
    if (queued === undefined) return;
    const result = await this.#attempt(queued.event, next.failures > 0);
    if (result === undefined) return;
    if (result.kind === 'delivered') {
      status.onSent(queued.event);
      return this.#settle(next, outbox.remove(queued));
    }
    if (result.kind === 'failed' && this.#isExpired(next)) {
      status.onDeadLetter();
      return this.#settle(next, outbox.bury(queued, result.reason));
    }
    this.#window.delay(next.key, this.#now, delayAfter(next.failures + 1, retry, random));
  }

  /** Undefined if the event was dropped, or cannot be read. */
  async #eventOf({ key, place, queued }: NextEvent): Promise<QueuedEvent | undefined> {
    if (queued !== undefined) return queued;
    try {
      const [found] = await this.#options.outbox.read(place - 1, 1);
      if (found?.place === place) return found;
      this.#window.settle(key);
    } catch (error) {
      this.#options.onError(error);
    }
    return undefined;
  }

  /** Undefined when the sender was stopped. */
  async #attempt(event: NotificationEvent, isRetry: boolean): Promise<DeliveryResult | undefined> {
    const { deliver, status, outbox, clock } = this.#options;
    if (isRetry) status.onRetry();
    const result = await deliver(event, this.#abort.signal);
    if (this.#abort.signal.aborted) return undefined;
    if (result.kind === 'delivered') {
      if (this.#failures >= FAILURES_UNTIL_FAILING) this.#window.releaseDelayed();
      this.#failures = 0;
      this.#pausedUntil = Number.NEGATIVE_INFINITY as MonotonicMs;
      return result;
    }
    this.#failures += 1;
    if (result.kind === 'gone') {
      status.onDisabled();
      await outbox.setDisabled(clock.wallMs()).catch(this.#options.onError);
      return result;
    }
    status.onFailed(result.reason, this.#failures >= FAILURES_UNTIL_FAILING);
    this.#pause(result.retryAfterMs);
    return result;
  }

  #pause(retryAfterMs = 0): void {
    const { retry, random } = this.#options;
    const ownMs =
      this.#failures < FAILURES_UNTIL_FAILING
        ? 0
        : Math.min(MAX_PAUSE_MS, delayAfter(this.#failures - FAILURES_UNTIL_FAILING + 1, retry, random));
    const ms = Math.max(ownMs, Math.min(retryAfterMs, retry.forMs));
    if (ms > 0) this.#pausedUntil = Math.max(this.#pausedUntil, later(this.#now, ms)) as MonotonicMs;
  }

  async #settle({ key }: NextEvent, stored: Promise<void>): Promise<void> {
    try {
      await stored;
      this.#window.settle(key);
    } catch (error) {
      this.#options.onError(error);
    }
  }

  async #sendGap(gap: Gap): Promise<void> {
    this.#inFlight += 1;
    this.#isSendingGap = true;
    await this.#deliverGap(gap);
    this.#isSendingGap = false;
    this.#inFlight -= 1;
    this.wake();
  }

  async #deliverGap(gap: Gap): Promise<void> {
    const { outbox, name, status } = this.#options;
    const event = eventAt(outbox.state.tail, gapEvent(gap, name));
    const result = await this.#attempt(event, this.#failures > 0);
    if (result === undefined) return;
    if (result.kind === 'delivered') {
      status.onSent(event);
      await outbox.removeGap(gap).catch(this.#options.onError);
    } else if (result.kind === 'failed' && this.#pausedUntil <= this.#now) {
      this.#pausedUntil = later(this.#now, delayAfter(this.#failures, this.#options.retry, this.#options.random));
    }
  }

  #isExpired({ at }: NextEvent): boolean {
    return this.#options.clock.wallMs() - at >= this.#options.retry.forMs;
  }
}
