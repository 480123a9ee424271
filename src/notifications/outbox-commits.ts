import type { OutboxCommit, OutboxQueue, OutboxStore, StoredItem } from '../watcher/index.ts';
import type { OutboxState } from './outbox-state.ts';

/** Another process holds the lease of the outbox now. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
  constructor() {
    super('Another replica sends the notifications of this destination now.');
  }
}

/** Collects the operations of one commit. */
export class CommitDraft {
  readonly #fields = new Map<string, string | undefined>();
  readonly #put: StoredItem[] = [];
  readonly #deleted: { readonly queue: OutboxQueue; readonly place: number }[] = [];

  set(field: string, value: string | undefined): void {
    this.#fields.set(field, value);
  }

  put(queue: OutboxQueue, place: number, text: string): void {
    this.#put.push({ queue, place, text });
  }

  delete(queue: OutboxQueue, place: number): void {
    this.#deleted.push({ queue, place });
  }

  get commit(): OutboxCommit {
    return { fields: this.#fields, put: this.#put, delete: this.#deleted };
  }
}

/** Adds the operations of a change to a commit, and returns the state after it. */
type Change = (state: OutboxState, commit: CommitDraft) => OutboxState;

interface Waiting {
  readonly change: Change;
  resolve(): void;
  reject(error: unknown): void;
}

/** The most changes of one commit. */
const MAX_CHANGES = 64;

/** Commits the changes of an outbox one after the other. Changes that wait for the store are committed together. */
export class OutboxCommits {
  readonly #store: OutboxStore;
  readonly #stateField: string;
  #state: OutboxState;
  #waiting: Waiting[] = [];
  #isRunning = false;
  #failure: { readonly error: unknown } | undefined;

  constructor(store: OutboxStore, stateField: string, state: OutboxState) {
    this.#store = store;
    this.#stateField = stateField;
    this.#state = state;
  }

  get state(): OutboxState {
    return this.#state;
  }

  /** Rejects when the store is unreachable; with a `LeaseLostError` without the lease. All later changes reject then. */
  change(change: Change): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) return reject(this.#failure.error);
      this.#waiting.push({ change, resolve, reject });
      if (!this.#isRunning) void this.#run();
    });
  }

  /** Rejects all changes from now on. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, MAX_CHANGES);
      try {
        const draft = new CommitDraft();
        const state = batch.reduce((before, { change }) => change(before, draft), this.#state);
        draft.set(this.#stateField, JSON.stringify(state));
        if (!(await this.#store.commit(draft.commit))) throw new LeaseLostError();
        this.#state = state;
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
        // The store may have stored the batch: a change of the state before it would overwrite its events.
        this.fail(error);
      }
    }
    this.#isRunning = false;
  }
}
