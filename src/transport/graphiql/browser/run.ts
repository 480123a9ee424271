import type { Observable, Observer } from './graphiql-types.ts';

/**
 * One execution of an operation in a tab. GraphiQL stops listening when another tab is opened; a run goes on, keeps
 * what it received, and shows it again in its own tab.
 */
export class Run {
  readonly tabId: string;
  /** What GraphiQL has to be given to show all that was received. */
  #results: unknown[] = [];
  #observer: Observer | undefined;
  #isDone = false;
  #isRendering = false;
  readonly #abort = new AbortController();

  constructor(tabId: string) {
    this.tabId = tabId;
  }

  /** Aborted when the user stops the run, starts another in its tab, or closes the tab. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Adds a result. GraphiQL merges those with `hasNext`. */
  append(result: unknown): void {
    this.#results.push(result);
    // GraphiQL changes results when it merges others into them.
    this.#observer?.next(structuredClone(result));
  }

  /** Replaces all results by one, at most once in 50 ms: a snapshot is many events at once. */
  replace(render: () => unknown): void {
    if (this.#isRendering) return;
    this.#isRendering = true;
    setTimeout(() => {
      this.#isRendering = false;
      const result = render();
      this.#results = [result];
      this.#observer?.next(result);
      if (this.#isDone) this.#observer?.complete();
    }, 50);
  }

  finish(): void {
    this.#isDone = true;
    if (!this.#isRendering) this.#observer?.complete();
  }

  stop(): void {
    this.#observer = undefined;
    this.#abort.abort();
  }

  /** Ends GraphiQL's listening from this side: it opens a new tab without it. */
  detach(): void {
    const observer = this.#observer;
    this.#observer = undefined;
    observer?.complete();
  }

  /** @param onUnsubscribe called when GraphiQL stops listening */
  observable(onUnsubscribe: () => void): Observable {
    return {
      subscribe: (observer) => {
        let isListening = true;
        // GraphiQL takes what `subscribe` returns for a running operation, so it must not complete before.
        queueMicrotask(() => {
          if (!isListening) return;
          this.#observer = observer;
          for (const result of this.#results) observer.next(structuredClone(result));
          if (this.#isDone && !this.#isRendering) observer.complete();
        });
        return {
          unsubscribe: () => {
            if (!isListening) return;
            isListening = false;
            if (this.#observer === observer) this.#observer = undefined;
            onUnsubscribe();
          },
        };
      },
    };
  }
}
