import type { ExecutionResult } from 'graphql';
import { isReadyIterator, type ReadyIterator } from '../../watcher/index.ts';
import { resultBytes } from '../execution/text-result.ts';
import type { Answer } from '../operation.ts';
import { isStream } from '../operation.ts';
import { textFrame } from './frame.ts';
import type { Line } from './line.ts';

type Taken = IteratorResult<ExecutionResult, undefined>;
type End = IteratorReturnResult<undefined>;

const END: End = { done: true, value: undefined };

/**
 * Sends an operation's results as `next` messages, whose payload is encoded already, and the same bytes for all who share an event. To graphql-ws it is an iterator
 * that gives nothing: what it is asked for comes when all is sent, so that graphql-ws says `complete`, or when the operation failed, so that it says `error`.
 */
export class Outgoing implements AsyncGenerator<never, undefined> {
  readonly #source: AsyncIterator<ExecutionResult>;
  readonly #line: Line;
  readonly #head: string;
  #ended = false;

  constructor(id: string, answer: Answer, line: Line) {
    this.#source = isStream(answer) ? answer[Symbol.asyncIterator]() : only(answer);
    this.#line = line;
    this.#head = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
  }

  /** Rejects with the error that ends the operation, which clients tell from a `complete`. */
  next(): Promise<End> {
    const source = this.#source;
    if (!isReadyIterator(source)) return this.#sendAll(source);
    return new Promise((resolve, reject) => new Ready(this, source, resolve, reject).ready());
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Nothing more is sent. */
  end(): void {
    this.#ended = true;
  }

  /** Nothing more can be sent. `for await` leaves an iterator that rejects as it is, so the source is ended here. */
  fail(): void {
    this.#ended = true;
    this.#source.return?.().catch(() => {});
  }

  /** Undefined when it has left. Throws the error of a result that has no data at all: it ends the operation. */
  tell(result: ExecutionResult): Promise<void> | undefined {
    if (!('data' in result) && result.errors?.[0] !== undefined) throw result.errors[0];
    return this.#line.sendFrame(textFrame(this.#head, resultBytes(result), '}'));
  }

  async #sendAll(source: AsyncIterator<ExecutionResult>): Promise<End> {
    try {
      while (!this.#ended) {
        const taken = await source.next();
        // The client may have left meanwhile.
        if (taken.done || this.#ended) break;
        const leaving = this.tell(taken.value);
        if (leaving !== undefined) await leaving;
      }
    } catch (error) {
      this.fail();
      throw error;
    }
    this.#ended = true;
    return END;
  }

  async return(): Promise<End> {
    this.#ended = true;
    await this.#source.return?.();
    return END;
  }

  async throw(error: unknown): Promise<never> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }
}

/** Sends without a promise what can be sent at once: an event is sent to all its listeners in the turn in which it is told. */
class Ready {
  readonly #outgoing: Outgoing;
  readonly #source: ReadyIterator<ExecutionResult>;
  readonly #resolve: (end: End) => void;
  readonly #reject: (error: unknown) => void;

  constructor(
    outgoing: Outgoing,
    source: ReadyIterator<ExecutionResult>,
    resolve: (end: End) => void,
    reject: (error: unknown) => void,
  ) {
    this.#outgoing = outgoing;
    this.#source = source;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  ready(): void {
    try {
      for (;;) {
        const taken = this.#outgoing.ended ? END : this.#source.tryNext();
        if (taken === undefined) this.#source.whenReady(this);
        else if (taken instanceof Promise) this.#wait(taken);
        else if (this.#take(taken)) continue;
        return;
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  /** True when it may go on at once. */
  #take({ done, value }: Taken): boolean {
    if (done || this.#outgoing.ended) {
      this.#outgoing.end();
      this.#resolve(END);
      return false;
    }
    const leaving = this.#outgoing.tell(value);
    leaving?.then(
      () => this.ready(),
      (error: unknown) => this.#fail(error),
    );
    return leaving === undefined;
  }

  #wait(taking: Promise<Taken>): void {
    taking
      .then((taken) => {
        if (this.#take(taken)) this.ready();
      })
      .catch((error: unknown) => this.#fail(error));
  }

  #fail(error: unknown): void {
    this.#outgoing.fail();
    this.#reject(error);
  }
}

async function* only(result: ExecutionResult): AsyncGenerator<ExecutionResult> {
  yield result;
}
