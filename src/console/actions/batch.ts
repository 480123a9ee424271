import { Store } from '../data/store.ts';
import type { ActionError } from './exceptions.ts';

/** What one sending of an item came to. */
export type Sent = { readonly result: string } | { readonly error: ActionError };

/** What a look-up came to: the result of an earlier sending, if AWS has it. */
export type Found = { readonly result: string | undefined } | { readonly error: ActionError };

export interface BatchRow<Item> {
  readonly item: Item;
  readonly state: 'waiting' | 'sending' | 'done' | 'failed';
  /** The id that AWS gave. */
  readonly result: string | undefined;
  /** Why the last attempt failed; also while the next one is awaited. */
  readonly error: ActionError | undefined;
  /** When the first attempt began, by the clock of AWS. */
  readonly since: Date | undefined;
  /** Whether it is being looked up, as an answer was lost. */
  readonly isLookedUp: boolean;
}

export interface BatchState<Item> {
  readonly rows: readonly BatchRow<Item>[];
  readonly isRunning: boolean;
  readonly isPaused: boolean;
  /** Why no further item can succeed, if that is why it is paused. */
  readonly stoppedBy: ActionError | undefined;
  readonly isDisconnected: boolean;
  /** What one item took so far, in ms. */
  readonly meanMs: number | undefined;
}

export interface BatchOptions<Item> {
  readonly items: readonly Item[];
  readonly send: (item: Item) => Promise<Sent>;
  /** Looks whether AWS has carried out an item since a time. Absent where sending twice does no harm. */
  readonly find?: (item: Item, since: Date) => Promise<Found>;
  readonly isConnected: () => boolean;
  /** Resolves when there is a connection again, or the signal is aborted. */
  readonly connected: (signal: AbortSignal) => Promise<void>;
  /** The time at AWS. */
  readonly now: () => Date;
  /** Ends the batch. */
  readonly signal: AbortSignal;
}

/** Attempts of one item before it counts as failed. */
const MAX_ATTEMPTS = 8;
const MIN_WAIT_MS = 500;
const MAX_WAIT_MS = 30_000;

/** AWS has such an invitation already: perhaps by an earlier attempt whose answer was lost. */
const DUPLICATE = 'DuplicateHandshakeException';

/** Codes and reasons after which every other item would fail, too. */
const STOPS = new Set([
  ...['UNAUTHENTICATED', 'FORBIDDEN', 'UPSTREAM_CREDENTIALS', 'AccessDeniedException'],
  ...['AWSOrganizationsNotInUseException', 'UnsupportedAPIEndpointException'],
  ...['HANDSHAKE_RATE_LIMIT_EXCEEDED', 'RESPONSIBILITY_TRANSFER_MAX_INBOUND_QUOTA_VIOLATION'],
  'RESPONSIBILITY_TRANSFER_MAX_TRANSFERS_QUOTA_VIOLATION',
]);

/**
 * Sends items one after the other, each at most once: an item whose answer was lost is looked up before it is sent
 * again. What can succeed later is repeated with backoff. It goes on while other pages are shown.
 */
export class Batch<Item> {
  readonly state: Store<BatchState<Item>>;
  readonly #options: BatchOptions<Item>;
  #isEnding = false;
  #endWait = () => {};
  #spentMs = 0;
  #spentOn = 0;

  constructor(options: BatchOptions<Item>) {
    this.#options = options;
    const rows = options.items.map(
      (item): BatchRow<Item> => ({
        ...{ item, state: 'waiting', result: undefined, error: undefined, since: undefined, isLookedUp: false },
      }),
    );
    const idle = { isRunning: false, isPaused: false, stoppedBy: undefined, isDisconnected: false, meanMs: undefined };
    this.state = new Store<BatchState<Item>>({ rows, ...idle });
    options.signal.addEventListener('abort', () => this.pause());
  }

  /** Begins, or goes on after a pause. */
  start(): void {
    this.#isEnding = false;
    this.#change({ isPaused: false, stoppedBy: undefined });
    if (this.state.get().isRunning || this.#options.signal.aborted) return;
    this.#change({ isRunning: true });
    void this.#run();
  }

  /** Keeps the rest for later. What is being sent is completed first. */
  pause(): void {
    this.#isEnding = true;
    this.#change({ isPaused: true });
    this.#endWait();
  }

  /** Sends the failed items once more. */
  retry(): void {
    const { rows } = this.state.get();
    this.#change({ rows: rows.map((row) => (row.state === 'failed' ? { ...row, state: 'waiting' } : row)) });
    this.start();
  }

  async #run(): Promise<void> {
    for (;;) {
      const at = this.state.get().rows.findIndex(({ state }) => state === 'waiting');
      if (at === -1 || this.#isEnding) break;
      const startedAt = performance.now();
      await this.#sendRow(at);
      this.#spentMs += performance.now() - startedAt;
      this.#spentOn += 1;
      this.#change({ meanMs: this.#spentMs / this.#spentOn });
    }
    this.#change({ isRunning: false });
    // It was started again meanwhile.
    if (!this.#isEnding && this.state.get().rows.some(({ state }) => state === 'waiting')) this.start();
  }

  async #sendRow(at: number): Promise<void> {
    const { send, now, signal } = this.#options;
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      await this.#waitForConnection();
      if (this.#isEnding || signal.aborted) return this.#changeRow(at, { state: 'waiting' });
      const { item, error: before, since = now() } = this.#row(at);
      if (before?.isUnknown) {
        const isDone = await this.#lookUp(at, since);
        if (isDone) return;
        if (this.#row(at).error?.isUnknown) {
          await this.#wait(attempt);
          continue;
        }
      }
      this.#changeRow(at, { state: 'sending', since });
      const sent = await send(item);
      if ('result' in sent) return this.#changeRow(at, { state: 'done', result: sent.result, error: undefined });
      this.#changeRow(at, { error: sent.error });
      const { code, reason, isRetryable, isUnknown } = sent.error;
      // A browser, too, may repeat a request when a connection breaks.
      if (code === DUPLICATE && (await this.#lookUp(at, since))) return;
      if (!isUnknown && !isRetryable) {
        this.#changeRow(at, { state: 'failed', error: sent.error });
        if (STOPS.has(code) || STOPS.has(reason ?? '')) {
          this.pause();
          this.#change({ stoppedBy: sent.error });
        }
        return;
      }
      await this.#wait(attempt);
    }
    this.#changeRow(at, { state: 'failed' });
  }

  /** Looks whether AWS has the item already. If it has not, the item's error is cleared; if that is not known, it stays. */
  async #lookUp(at: number, since: Date): Promise<boolean> {
    const { find } = this.#options;
    const { item } = this.#row(at);
    if (find === undefined) {
      this.#changeRow(at, { error: undefined });
      return false;
    }
    this.#changeRow(at, { state: 'sending', isLookedUp: true });
    const found = await find(item, since);
    this.#changeRow(at, { isLookedUp: false });
    if ('error' in found) return false;
    const isDone = found.result !== undefined;
    this.#changeRow(at, { ...(isDone && { state: 'done' }), result: found.result, error: undefined });
    return isDone;
  }

  async #waitForConnection(): Promise<void> {
    if (this.#options.isConnected()) return;
    const controller = new AbortController();
    this.#endWait = () => controller.abort();
    this.#change({ isDisconnected: true });
    await this.#options.connected(controller.signal);
    this.#change({ isDisconnected: false });
  }

  /** Exponential backoff with jitter, which a pause ends. */
  #wait(attempt: number): Promise<void> {
    const ms = Math.min(MAX_WAIT_MS, MIN_WAIT_MS * 2 ** attempt) * (0.5 + Math.random() / 2);
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#endWait = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #row(at: number): BatchRow<Item> {
    const row = this.state.get().rows[at];
    if (row === undefined) throw new Error(`there is no row ${at}`);
    return row;
  }

  #changeRow(at: number, change: Partial<BatchRow<Item>>): void {
    this.#change({ rows: this.state.get().rows.with(at, { ...this.#row(at), ...change }) });
  }

  #change(change: Partial<BatchState<Item>>): void {
    this.state.update((known) => ({ ...known, ...change }));
  }
}
