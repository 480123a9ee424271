import type { NotificationConfig } from '../config/index.ts';
import type { OutboxStore } from '../watcher/index.ts';
import { delayAfter } from './backoff.ts';
import { DestinationSession, type SessionDependencies } from './destination-session.ts';
import { Outbox } from './outbox.ts';
import { LeaseLostError } from './outbox-commits.ts';
import type { NotificationStatus } from './status.ts';

export interface DestinationOptions extends SessionDependencies {
  readonly config: NotificationConfig;
  readonly store: OutboxStore;
}

/** The request to send dead letters again, to the process that has the lease. */
const RETRY = 'retry';
const delays = { minDelayMs: 500, maxDelayMs: 30_000 };
/** How long a lease is used after it was renewed, in renewals. It ends after three. */
const LEASE_RENEWALS = 2.5;
/** A process without the lease reads the sizes of the queues this often, in ms. */
const STANDBY_READ_MS = 5_000;

/** One destination: takes its lease, and then runs a session until the lease is lost or the store fails. */
export class Destination {
  readonly #options: DestinationOptions;
  #session: DestinationSession | undefined;
  #outbox: Outbox | undefined;
  #cancelTimer: (() => void) | undefined;
  /** In a row. */
  #failures = 0;
  #sessionStartedAt = Number.POSITIVE_INFINITY;
  /** Whether dead letters have to be sent again. */
  #isRetryRequested = false;
  #leaseUntil = Number.NEGATIVE_INFINITY;
  #standbyReadAt = Number.NEGATIVE_INFINITY;
  #turn: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(options: DestinationOptions) {
    this.#options = options;
  }

  start(): void {
    this.#runTurn();
  }

  get status(): NotificationStatus {
    return this.#options.status.current;
  }

  /**
   * Sends dead letters again, and enables a disabled destination. Returns how many dead letters there are. Rejects when
   * the outbox is unreachable.
   */
  async retry(): Promise<number> {
    const { store } = this.#options;
    const { dead } = this.#outbox?.state ?? (await Outbox.readState(store));
    await store.request(RETRY);
    this.#cancelTimer?.();
    this.#runTurn();
    return dead.events;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelTimer?.();
    this.#endSession();
    await this.#turn;
    const { store } = this.#options;
    if (this.#isRetryRequested) await store.request(RETRY).catch(() => undefined);
    // Another replica continues at once.
    if (this.#leaseUntil > this.#now) await store.release().catch(() => undefined);
  }

  get #now(): number {
    return this.#options.clock.monotonicMs();
  }

  #runTurn(): void {
    this.#turn = this.#turn.then(() => this.#takeTurn());
  }

  async #takeTurn(): Promise<void> {
    if (this.#isClosed) return;
    const { store, clock, status } = this.#options;
    this.#cancelTimer?.();
    let waitMs: number | undefined;
    try {
      const startedAt = this.#now;
      const { isHeld, requests } = await store.renew();
      const everyMs = store.renewEveryMs;
      this.#leaseUntil = isHeld ? startedAt + (everyMs ?? Number.POSITIVE_INFINITY) * LEASE_RENEWALS : 0;
      waitMs = everyMs;
      if (this.#isClosed) return;
      if (requests.includes(RETRY)) this.#isRetryRequested = true;
      if (isHeld) await this.#lead();
      else await this.#stand();
      if (!isHeld || this.#session !== undefined) status.setStoreError(undefined);
    } catch (error) {
      waitMs = this.#delayAfter(error);
    }
    if (waitMs !== undefined && !this.#isClosed) this.#cancelTimer = clock.after(waitMs, () => this.#runTurn());
  }

  async #lead(): Promise<void> {
    this.#options.status.setLeading(true);
    if (this.#session === undefined) await this.#openSession();
    const outbox = this.#outbox;
    if (outbox === undefined || !this.#isRetryRequested) return this.#session?.sender.wake();
    await outbox.setDisabled(undefined);
    this.#options.status.setDisabled(false);
    await outbox.retryDeadLetters(this.#options.clock.wallMs());
    this.#isRetryRequested = false;
    this.#session?.sender.retryNow();
  }

  async #openSession(): Promise<void> {
    const { status, config, store } = this.#options;
    const outbox = await Outbox.open({
      store,
      maxBytes: config.maxBytes,
      onDropped: (upTo, events) => {
        status.onDropped(events);
        this.#session?.sender.dropUpTo(upTo);
      },
      onDeadLettersDropped: (events) => status.onDeadLettersDropped(events),
    });
    status.outboxState = () => outbox.state;
    // A store that takes no writes would send the same events again and again.
    await outbox.check();
    if (this.#isClosed) return;
    this.#outbox = outbox;
    status.setDisabled(outbox.state.disabledAt !== undefined);
    this.#session = new DestinationSession({
      ...this.#options,
      outbox,
      mayISend: () => this.#now < this.#leaseUntil,
      onError: (error) => {
        this.#cancelTimer?.();
        const waitMs = this.#delayAfter(error);
        if (!this.#isClosed) this.#cancelTimer = this.#options.clock.after(waitMs, () => this.#runTurn());
      },
    });
    this.#sessionStartedAt = this.#now;
    this.#session.start();
  }

  async #stand(): Promise<void> {
    const { status, store } = this.#options;
    this.#endSession();
    status.setLeading(false);
    if (this.#isRetryRequested) await store.request(RETRY);
    this.#isRetryRequested = false;
    this.#failures = 0;
    if (this.#now - this.#standbyReadAt < STANDBY_READ_MS) return;
    this.#standbyReadAt = this.#now;
    const state = await Outbox.readState(store);
    status.outboxState = () => state;
    status.setDisabled(state.disabledAt !== undefined);
  }

  /** Ends the session. Returns the time until the next turn, in ms. */
  #delayAfter(error: unknown): number {
    // A session may fail soon after each start: only one that has worked for a while ends a row of failures.
    if (this.#now - this.#sessionStartedAt > delays.maxDelayMs) this.#failures = 0;
    this.#onError(error);
    this.#failures += 1;
    return delayAfter(this.#failures, delays, this.#options.random);
  }

  #onError(error: unknown): void {
    this.#outbox?.fail(error);
    this.#endSession();
    const { status } = this.#options;
    if (error instanceof LeaseLostError) status.setLeading(false);
    else status.setStoreError(error instanceof Error ? error.message : String(error));
  }

  #endSession(): void {
    this.#session?.stop();
    this.#session = undefined;
    this.#sessionStartedAt = Number.POSITIVE_INFINITY;
    this.#outbox = undefined;
  }
}
