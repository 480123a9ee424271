import type { Logger } from 'pino';
import { type Clock, later, type MonotonicMs, type WallMs } from '../upstream/index.ts';
import type { NotificationEvent } from './events/event.ts';
import { emptyState, type OutboxState } from './outbox-state.ts';

/**
 * ACTIVE: events are delivered. FAILING: deliveries fail. DISABLED: the receiver wants no more events. STANDBY: another
 * replica sends. UNAVAILABLE: the outbox is unreachable.
 */
export type DestinationState = 'ACTIVE' | 'FAILING' | 'DISABLED' | 'STANDBY' | 'UNAVAILABLE';

/** The state of a destination. The counts are of this process, since its start. */
export interface NotificationStatus {
  readonly name: string;
  readonly principal: string;
  readonly format: 'cloudevents' | 'slack';
  readonly state: DestinationState;
  readonly pending: number;
  readonly pendingBytes: number;
  readonly deadLetters: number;
  readonly sent: number;
  readonly failed: number;
  readonly retries: number;
  readonly dropped: number;
  /** The time from the last delivered change to its delivery, in ms; undefined before the first. */
  readonly lagMs: number | undefined;
  readonly lastSentOn: WallMs | undefined;
  /** Why the last delivery failed, or a list cannot be read; undefined after a success. */
  readonly error: string | undefined;
}

export type NotificationLog = Pick<Logger, 'info' | 'warn' | 'error'>;

/** At most one line about dead letters is logged in this time, in ms. */
const MIN_LOG_INTERVAL_MS = 60_000;

export interface DestinationStatusOptions {
  readonly name: string;
  readonly principal: string;
  readonly format: 'cloudevents' | 'slack';
  readonly clock: Clock;
  readonly log: NotificationLog;
}

/** Counts the deliveries to a destination, and logs when its state changes. */
export class DestinationStatus {
  readonly #options: DestinationStatusOptions;
  /** Of this process, if it has the lease. */
  #isLeading = false;
  #isDisabled = false;
  #isFailing = false;
  #storeError: string | undefined;
  readonly #listErrors = new Map<string, string>();
  #sent = 0;
  #failed = 0;
  #retries = 0;
  #dropped = 0;
  /** Dead letters that no log line reports yet. */
  #buried = 0;
  #quietUntil = Number.NEGATIVE_INFINITY as MonotonicMs;
  #lagMs: number | undefined;
  #lastSentOn: WallMs | undefined;
  lastError: string | undefined;
  /** Reads the sizes of the queues. */
  outboxState: () => OutboxState = () => emptyState;

  constructor(options: DestinationStatusOptions) {
    this.#options = options;
  }

  get current(): NotificationStatus {
    const { name, principal, format } = this.#options;
    const { pending, dead } = this.outboxState();
    const [listError] = this.#listErrors.values();
    return {
      ...{ name, principal, format, state: this.#state },
      ...{ pending: pending.events, pendingBytes: pending.bytes, deadLetters: dead.events },
      ...{ sent: this.#sent, failed: this.#failed, retries: this.#retries, dropped: this.#dropped },
      ...{ lagMs: this.#lagMs, lastSentOn: this.#lastSentOn },
      error: this.#storeError ?? this.lastError ?? listError,
    };
  }

  get #state(): DestinationState {
    if (this.#storeError !== undefined) return 'UNAVAILABLE';
    if (this.#isDisabled) return 'DISABLED';
    if (!this.#isLeading) return 'STANDBY';
    return this.#isFailing ? 'FAILING' : 'ACTIVE';
  }

  onSent({ time, type }: NotificationEvent): void {
    const now = this.#options.clock.wallMs();
    this.#sent += 1;
    this.#lastSentOn = now;
    if (type !== 'dev.orgql.gap.v1') this.#lagMs = Math.max(0, now - Date.parse(time));
    this.lastError = undefined;
    if (!this.#isFailing) return;
    this.#isFailing = false;
    this.#log('info', {}, 'The destination of notifications works again.');
  }

  onFailed(reason: string, isFailing: boolean): void {
    this.#failed += 1;
    this.lastError = reason;
    if (this.#isFailing || !isFailing) return;
    this.#isFailing = true;
    this.#log('warn', { reason }, 'The destination of notifications fails. Events are kept and sent again.');
  }

  onRetry(): void {
    this.#retries += 1;
  }

  onDeadLetter(): void {
    this.#buried += 1;
    const now = this.#options.clock.monotonicMs();
    if (now < this.#quietUntil) return;
    this.#quietUntil = later(now, MIN_LOG_INTERVAL_MS);
    this.#log(
      'error',
      { reason: this.lastError, events: this.#buried },
      'Notifications could not be delivered in time, and are dead letters now. `orgql notifications retry` sends them again.',
    );
    this.#buried = 0;
  }

  onDisabled(): void {
    this.#failed += 1;
    this.lastError = 'the receiver replied with status 410: it wants no more events';
    this.setDisabled(true);
  }

  setDisabled(isDisabled: boolean): void {
    if (this.#isDisabled === isDisabled) return;
    this.#isDisabled = isDisabled;
    if (!isDisabled) {
      this.lastError = undefined;
      this.#log('info', {}, 'The destination of notifications is enabled again.');
      return;
    }
    this.#log(
      'error',
      {},
      'The destination of notifications is disabled, as the receiver replied with status 410. `orgql notifications retry` enables it.',
    );
  }

  setLeading(isLeading: boolean): void {
    if (this.#isLeading === isLeading) return;
    this.#isLeading = isLeading;
    // What the last deliveries of this process were like says nothing about those of another one.
    this.#isFailing = false;
    this.lastError = undefined;
    this.#log('info', {}, isLeading ? 'This gateway sends the notifications.' : 'This gateway sends no notifications.');
  }

  /** `error`: why the outbox cannot be used; undefined when it can. */
  setStoreError(error: string | undefined): void {
    const before = this.#storeError;
    this.#storeError = error;
    if (error !== undefined && before === undefined)
      this.#log('warn', { reason: error }, 'The outbox of notifications cannot be used. Events are sent when it can.');
    if (error === undefined && before !== undefined) this.#log('info', {}, 'The outbox of notifications works again.');
  }

  /** `error`: why a list cannot be watched; undefined when it is. */
  setListError(list: string, error: string | undefined): void {
    const before = this.#listErrors.get(list);
    if (error === undefined) this.#listErrors.delete(list);
    else this.#listErrors.set(list, error);
    if (error !== undefined && before === undefined)
      this.#log('warn', { list, reason: error }, 'A list cannot be watched for notifications, and is tried again.');
  }

  onDropped(events: number): void {
    if (this.#dropped === 0)
      this.#log(
        'error',
        {},
        'The oldest notifications are dropped, as they exceed `maxBytes`. An event reports the gap.',
      );
    this.#dropped += events;
  }

  onDeadLettersDropped(events: number): void {
    this.#dropped += events;
    this.#log('error', { events }, 'The oldest dead letters are dropped, as they exceed `maxBytes`.');
  }

  #log(level: 'info' | 'warn' | 'error', details: object, message: string): void {
    const { log, name } = this.#options;
    log[level]({ destination: name, ...details }, message);
  }
}
