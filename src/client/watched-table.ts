import { Backoff, type BackoffOptions } from './backoff.ts';
import { errorOfResult, type GraphQLErrorLike, invalidEvent, networkError, WatchError } from './errors.ts';
import type { EventReader, TableEvent } from './events.ts';
import { Notifier } from './notifier.ts';
import { diffRows, type RowChange, RowTable } from './row-table.ts';
import type { Table, TableSnapshot, TableStatus } from './table.ts';
import type { Transport, WatchRequest, WatchResult, WatchSink } from './transport.ts';

export interface WatchedTableOptions<Row, Event> extends BackoffOptions {
  readonly transport: Transport;
  /** Creates the request; `cursor` returns the present cursor at any time. */
  readonly createRequest: (cursor: () => string | undefined) => WatchRequest;
  readonly reader: EventReader<Row, Event>;
  readonly onFieldErrors: ((errors: readonly GraphQLErrorLike[]) => void) | undefined;
}

/** Keeps a `RowTable` connected: one subscription at a time, which resumes after each interruption. */
export class WatchedTable<Row, Event> implements Table<Row, Event> {
  readonly #options: WatchedTableOptions<Row, Event>;
  readonly #request: WatchRequest;
  readonly #table = new RowTable<Row, Event>();
  readonly #notifier = new Notifier<RowChange<Row, Event>>();
  readonly #backoff: Backoff;
  #status: TableStatus = { state: 'connecting' };
  #updatedAt: Date | undefined;
  #snapshot: TableSnapshot<Row> | undefined;
  /** The present subscription. Calls of earlier ones are ignored. */
  #connection: object | undefined;
  #disconnect: (() => void) | undefined;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: WatchedTableOptions<Row, Event>) {
    this.#options = options;
    this.#backoff = new Backoff(options);
    this.#request = options.createRequest(() => this.#table.cursor);
    this.#connect();
  }

  get rows(): ReadonlyMap<string, Row> {
    return this.#table.rows;
  }

  get loadingRows(): ReadonlyMap<string, Row> {
    return this.#updatedAt === undefined ? this.#table.staged : new Map();
  }

  get status(): TableStatus {
    return this.#status;
  }

  get updatedAt(): Date | undefined {
    return this.#updatedAt;
  }

  readonly getSnapshot = (): TableSnapshot<Row> => {
    this.#snapshot ??= { rows: this.rows, status: this.#status, updatedAt: this.#updatedAt };
    return this.#snapshot;
  };

  readonly subscribe = (listener: () => void): (() => void) => this.#notifier.subscribe(listener);

  readonly onChange = (listener: (changes: readonly RowChange<Row, Event>[]) => void): (() => void) =>
    this.#notifier.onChange(listener);

  readonly changes = (): AsyncGenerator<readonly RowChange<Row, Event>[], void, undefined> => this.#changes();

  readonly ready = async (): Promise<void> => {
    while (this.#updatedAt === undefined) {
      const error = this.#endError();
      if (error !== undefined) throw error;
      await this.#notifier.next();
    }
  };

  readonly retry = (): void => {
    const status = this.#status;
    const hasFailed = status.state === 'ended' && status.reason === 'failed';
    if (!hasFailed && this.#retryTimer === undefined) return;
    this.#backoff.reset();
    if (hasFailed) this.#setStatus({ state: 'connecting' });
    this.#connect();
  };

  readonly close = (): void => {
    if (this.#status.state !== 'ended') this.#end({ state: 'ended', reason: 'closed' });
  };

  async *#changes(): AsyncGenerator<readonly RowChange<Row, Event>[], void, undefined> {
    let seen: ReadonlyMap<string, Row> = new Map();
    for (;;) {
      const { rows } = this;
      const changes = rows === seen ? [] : diffRows<Row, Event>(seen, rows);
      seen = rows;
      if (changes.length > 0) yield changes;
      else if (this.#status.state !== 'ended') await this.#notifier.next();
      else if (this.#status.reason === 'failed') throw this.#status.error;
      else return;
    }
  }

  #connect(): void {
    this.#stop();
    this.#table.restart();
    const status = this.#status;
    if (status.state === 'reconnecting') this.#setStatus({ ...status, retryAt: undefined });
    const connection = {};
    this.#connection = connection;
    let disconnect: () => void;
    try {
      disconnect = this.#options.transport(this.#request, this.#sinkOf(connection));
    } catch (error) {
      this.#fail(networkError(error));
      return;
    }
    // A transport may have failed before it returns.
    if (this.#connection === connection) this.#disconnect = disconnect;
    else disconnect();
  }

  #sinkOf(connection: object): WatchSink {
    const ifCurrent =
      <Arguments extends unknown[]>(run: (...given: Arguments) => void) =>
      (...given: Arguments): void => {
        if (this.#connection === connection) run(...given);
      };
    return {
      next: ifCurrent((result: WatchResult) => this.#receive(result)),
      error: ifCurrent((error: WatchError) => this.#fail(error)),
      complete: ifCurrent(() => this.#end({ state: 'ended', reason: 'completed' })),
      interrupted: ifCurrent((reason: WatchError) => {
        this.#table.restart();
        this.#backoff.onFailure();
        this.#reconnecting(reason, undefined);
      }),
    };
  }

  #receive(result: WatchResult): void {
    const { errors = [] } = result;
    try {
      const event = this.#options.reader.read(result.data);
      const isReadable = event !== undefined && (event.type === 'BOOKMARK' || event.row !== undefined);
      if (!isReadable && errors.length > 0) throw errorOfResult(errors);
      if (!isReadable) throw invalidEvent('An event has no object. Select the changed object with its `id`.');
      if (errors.length > 0) this.#options.onFieldErrors?.(errors);
      this.#apply(event);
    } catch (error) {
      if (error instanceof WatchError) this.#fail(error);
      else throw error;
    }
  }

  #apply(event: TableEvent<Row, Event>): void {
    const changes = this.#table.apply(event);
    if (event.type === 'SNAPSHOT') {
      if (this.#status.state !== 'loading') this.#setStatus({ state: 'loading' });
      return;
    }
    this.#updatedAt = event.observedAt === undefined ? new Date() : new Date(event.observedAt);
    if (event.type === 'BOOKMARK') {
      this.#backoff.onLive();
      if (this.#status.state !== 'live') this.#status = { state: 'live' };
    }
    this.#notify(changes);
  }

  #fail(error: WatchError): void {
    const hasBadCursor = error.code === 'INVALID_CURSOR' && this.#table.cursor !== undefined;
    if (hasBadCursor) this.#table.forgetCursor();
    if (!hasBadCursor && !error.retryable) {
      this.#end({ state: 'ended', reason: 'failed', error });
      return;
    }
    this.#stop();
    this.#backoff.onFailure();
    const delayMs = this.#backoff.delayMs(error.retryAfterMs);
    this.#retryTimer = setTimeout(() => this.#connect(), delayMs);
    this.#reconnecting(error, new Date(Date.now() + delayMs));
  }

  #reconnecting(reason: WatchError, retryAt: Date | undefined): void {
    this.#setStatus({ state: 'reconnecting', reason, failures: this.#backoff.failures, retryAt });
  }

  #end(status: TableStatus & { readonly state: 'ended' }): void {
    this.#stop();
    this.#table.restart();
    this.#setStatus(status);
  }

  /** Ends the present subscription, or the wait for the next one. */
  #stop(): void {
    clearTimeout(this.#retryTimer);
    this.#retryTimer = undefined;
    this.#connection = undefined;
    const disconnect = this.#disconnect;
    this.#disconnect = undefined;
    disconnect?.();
  }

  #setStatus(status: TableStatus): void {
    this.#status = status;
    this.#notify();
  }

  #notify(changes?: readonly RowChange<Row, Event>[]): void {
    this.#snapshot = undefined;
    this.#notifier.notify(changes);
  }

  #endError(): WatchError | undefined {
    const status = this.#status;
    if (status.state !== 'ended') return undefined;
    if (status.reason === 'failed') return status.error;
    return new WatchError('The table was closed before its rows were complete.', { code: 'CLOSED', retryable: false });
  }
}
