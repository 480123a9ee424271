import type { ExecutionResult } from 'graphql';
import { isReadyIterator, type ReadyIterator } from '../../watcher/index.ts';
import { resultText } from '../execution/text-result.ts';
import type { Answer } from '../operation.ts';
import { isStream } from '../operation.ts';

type Send = (message: string) => Promise<void> | undefined;

const END: IteratorReturnResult<undefined> = { done: true, value: undefined };

/**
 * Sends an operation's results as `next` messages, whose payload is text already, and the same text for all who share an event. To graphql-ws it is an iterator that
 * gives nothing: what it is asked for comes when all is sent, so that graphql-ws says `complete`, or when the operation failed, so that it says `error`.
 */
export class Outgoing implements AsyncGenerator<never, undefined> {
  readonly #source: AsyncIterator<ExecutionResult>;
  readonly #send: Send;
  readonly #head: string;
  #ended = false;

  constructor(id: string, answer: Answer, send: Send) {
    this.#source = isStream(answer) ? answer[Symbol.asyncIterator]() : only(answer);
    this.#send = send;
    this.#head = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
  }

  /** Rejects with the error that ends the operation, which clients tell from a `complete`. */
  next(): Promise<IteratorReturnResult<undefined>> {
    const source = this.#source;
    return isReadyIterator(source) ? this.#sendAsReady(source) : this.#sendAll(source);
  }

  async #sendAll(source: AsyncIterator<ExecutionResult>): Promise<IteratorReturnResult<undefined>> {
    while (!this.#ended) {
      const taken = await source.next();
      // The client may have left meanwhile.
      if (taken.done || this.#ended) break;
      const leaving = this.#tell(taken.value);
      if (leaving !== undefined) await leaving;
    }
    this.#ended = true;
    return END;
  }

  /** The same, but without a promise for what can be sent at once: an event is sent to all its listeners in the turn in which it is told. */
  #sendAsReady(source: ReadyIterator<ExecutionResult>): Promise<IteratorReturnResult<undefined>> {
    return new Promise((resolve, reject) => {
      const fail = (error: unknown): void => {
        this.#ended = true;
        reject(error);
      };
      /** True when it may go on at once. */
      const took = ({ done, value }: IteratorResult<ExecutionResult, undefined>): boolean => {
        if (done || this.#ended) {
          this.#ended = true;
          resolve(END);
          return false;
        }
        const leaving = this.#tell(value);
        leaving?.then(turn, fail);
        return leaving === undefined;
      };
      const later = (taken: IteratorResult<ExecutionResult, undefined>): void => {
        try {
          if (took(taken)) turn();
        } catch (error) {
          fail(error);
        }
      };
      const turn = (): void => {
        try {
          for (;;) {
            const taken = this.#ended ? END : source.tryNext();
            if (taken === undefined) source.whenReady(turn);
            else if (taken instanceof Promise) taken.then(later, fail);
            else if (took(taken)) continue;
            return;
          }
        } catch (error) {
          fail(error);
        }
      };
      turn();
    });
  }

  /** Undefined when it has left. Throws the error of a result that has no data at all: it ends the operation. */
  #tell(result: ExecutionResult): Promise<void> | undefined {
    if (!('data' in result) && result.errors?.[0] !== undefined) throw result.errors[0];
    return this.#send(`${this.#head}${resultText(result)}}`);
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
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

async function* only(result: ExecutionResult): AsyncGenerator<ExecutionResult> {
  yield result;
}
