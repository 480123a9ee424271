type Listener = () => void;
type ChangeListener<Change> = (changes: readonly Change[]) => void;

/** Notifies listeners once for all events that arrive together, in a microtask. */
export class Notifier<Change> {
  readonly #listeners = new Set<Listener>();
  readonly #changeListeners = new Set<ChangeListener<Change>>();
  #waiters: Listener[] = [];
  #changes: Change[] = [];
  #isQueued = false;

  subscribe(listener: Listener): () => void {
    return add(this.#listeners, listener);
  }

  onChange(listener: ChangeListener<Change>): () => void {
    return add(this.#changeListeners, listener);
  }

  /** Resolves at the next notification. */
  next(): Promise<void> {
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  notify(changes: readonly Change[] = []): void {
    if (this.#changeListeners.size > 0) for (const change of changes) this.#changes.push(change);
    if (this.#isQueued) return;
    this.#isQueued = true;
    queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    this.#isQueued = false;
    const changes = this.#changes;
    this.#changes = [];
    const waiters = this.#waiters;
    this.#waiters = [];
    if (changes.length > 0) for (const listener of [...this.#changeListeners]) call(() => listener(changes));
    for (const listener of [...this.#listeners, ...waiters]) call(listener);
  }
}

function add<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** An exception of one listener is reported as an uncaught error, and must not keep events from the others. */
function call(listener: Listener): void {
  try {
    listener();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
