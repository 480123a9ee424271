import type { ExecutionResult } from 'graphql';
import { resultBytes } from '../../pipeline/execution/result-text.ts';
import type { Answer } from '../../pipeline/operation.ts';
import { isStream } from '../../pipeline/operation.ts';
import { isReadyIterator, type Reader, type Taken } from '../../watcher/index.ts';
import type { SocketWriter } from './socket-writer.ts';

type End = IteratorReturnResult<undefined>;
type Source = AsyncIterator<ExecutionResult>;

const END: End = { done: true, value: undefined };
const TAIL = Buffer.from('}');

/**
 * Sends an operation's results as `next` messages. The payload is encoded once for all subscribers of an event. To graphql-ws it is an iterator without items:
 * it ends when everything is sent, so that graphql-ws sends `complete`, and rejects when the operation fails, so that graphql-ws sends `error`.
 */
export class ResultSender implements AsyncGenerator<never, undefined>, Reader {
  readonly #source: Source;
  readonly #writer: SocketWriter;
  readonly #head: Buffer;
  #ended = false;
  #resolve: (end: End) => void = () => {};
  #reject: (error: unknown) => void = () => {};

  constructor(id: string, answer: Answer, writer: SocketWriter) {
    this.#source = isStream(answer) ? answer[Symbol.asyncIterator]() : only(answer);
    this.#writer = writer;
    this.#head = Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`);
  }

  next(): Promise<End> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.ready();
    });
  }

  /** Sends what can be sent without a promise: thousands of subscribers receive an event in the turn in which it is published. */
  ready(): void {
    try {
      for (;;) {
        const taken = this.#take();
        if (taken === undefined) return;
        const sending = taken instanceof Promise ? taken.then((result) => this.#send(result)) : this.#send(taken);
        if (sending !== undefined) {
          this.#continueAfter(sending);
          return;
        }
        if (this.#ended) return;
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Undefined when the source will call `ready`. */
  #take(): Taken<ExecutionResult> | undefined {
    if (this.#ended) return END;
    const source = this.#source;
    // Its own promises may not be native ones.
    if (!isReadyIterator(source)) return Promise.resolve(source.next());
    const taken = source.tryNext();
    if (taken === undefined) source.whenReady(this);
    return taken;
  }

  /** Throws the error of a result that has no data at all: it ends the operation. */
  #send({ done, value }: IteratorResult<ExecutionResult, undefined>): Promise<void> | undefined {
    // The client may have ended the operation in the meantime.
    if (done || this.#ended) {
      this.#ended = true;
      this.#resolve(END);
      return undefined;
    }
    if (!('data' in value) && value.errors?.[0] !== undefined) throw value.errors[0];
    return this.#writer.send(Buffer.concat([this.#head, resultBytes(value), TAIL]));
  }

  #continueAfter(sending: Promise<void>): void {
    sending.then(
      () => {
        if (!this.#ended) this.ready();
        else this.#resolve(END);
      },
      (error: unknown) => this.#fail(error),
    );
  }

  /** `for await` does not close an iterator that rejects, so the source is closed here. */
  #fail(error: unknown): void {
    this.#ended = true;
    this.#source.return?.().catch(() => {});
    this.#reject(error);
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

async function* only(result: ExecutionResult): AsyncGenerator<ExecutionResult, undefined> {
  yield result;
}
