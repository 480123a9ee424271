import { execute, type RequestError, type RequestOptions, type Result } from './request.ts';
import { Store } from './store.ts';
import { isMutation, type TypedDocument } from './typed-document.ts';

export interface QueryState<Data> {
  /** The latest result; null before the first, and if the operation failed as a whole. */
  readonly data: Data | null;
  /** Also with data, if a part of it could not be read. */
  readonly errors: readonly RequestError[];
  readonly isLoading: boolean;
  readonly ageMs: number;
  /** Reads it again. */
  readonly reload: () => void;
}

export interface QueryOptions {
  /** Accepts data of this age, in seconds, instead of a call to AWS. */
  readonly maxAge?: number;
  /** Runs as another principal than the session's. */
  readonly principal?: string;
}

/** Results that are kept, so that an object that is opened again is there at once. */
const MAX_QUERIES = 200;

/** A result that is older, in ms, is read again when a component begins to show it. */
const REFRESH_MS = 30_000;

export class Query {
  readonly state: Store<QueryState<unknown>>;
  readonly #run: (signal: AbortSignal) => Promise<Result<unknown>>;
  #controller: AbortController | undefined;
  #startedAt = Number.NEGATIVE_INFINITY;

  constructor(run: (signal: AbortSignal) => Promise<Result<unknown>>) {
    this.#run = run;
    this.state = new Store({
      data: null,
      errors: [],
      isLoading: true,
      ageMs: 0,
      reload: () => this.reload(),
    } as QueryState<unknown>);
  }

  start(): void {
    if (performance.now() - this.#startedAt > REFRESH_MS) this.reload();
  }

  reload(): void {
    this.#startedAt = performance.now();
    this.#controller?.abort();
    const controller = new AbortController();
    this.#controller = controller;
    this.state.update((known) => ({ ...known, isLoading: true }));
    void this.#run(controller.signal).then((result) => {
      if (controller.signal.aborted) return;
      this.state.update(({ reload }) => ({ ...result, isLoading: false, reload }));
    });
  }

  close(): void {
    this.#controller?.abort();
  }
}

/** The queries of a session, and their latest results. */
export class Queries {
  readonly #principal: string | undefined;
  readonly #known = new Map<string, Query>();
  readonly #closing = new AbortController();

  constructor(principal: string | undefined) {
    this.#principal = principal;
  }

  open<Data, Variables>(document: TypedDocument<Data, Variables>, variables: Variables, options: QueryOptions): Query {
    const id = JSON.stringify([String(document), variables, options]);
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const { maxAge, principal = this.#principal } = options;
    const query = new Query((signal) => execute(document, variables, { maxAge, principal, signal }));
    this.#known.set(id, query);
    const [oldest = ''] = this.#known.keys();
    if (this.#known.size > MAX_QUERIES) this.#known.delete(oldest);
    return query;
  }

  /** Reads everything again: after a change of what the principal may read. */
  reload(): void {
    for (const query of this.#known.values()) query.reload();
  }

  /** Sends an operation whose result is not kept. */
  execute<Data, Variables>(
    document: TypedDocument<Data, Variables>,
    variables: Variables,
    options: Pick<RequestOptions, 'maxAge' | 'isBackground'> = {},
  ) {
    // The gateway completes a change whose sender has gone.
    const signal = isMutation(String(document)) ? undefined : this.#closing.signal;
    return execute(document, variables, { principal: this.#principal, signal, ...options });
  }

  close(): void {
    this.#closing.abort();
    for (const query of this.#known.values()) query.close();
  }
}
