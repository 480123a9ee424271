import type { ExecutionResult, GraphQLError } from 'graphql';
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
  async next(): Promise<IteratorReturnResult<undefined>> {
    while (!this.#ended) {
      const { done, value } = await this.#source.next();
      // The client has left meanwhile.
      if (done || this.#ended) break;
      const failure = requestErrorOf(value);
      if (failure !== undefined) throw failure;
      const leaving = this.#send(`${this.#head}${resultText(value)}}`);
      if (leaving !== undefined) await leaving;
    }
    this.#ended = true;
    return END;
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

/** The error of a result that has no data at all. */
function requestErrorOf(result: ExecutionResult): GraphQLError | undefined {
  return 'data' in result ? undefined : result.errors?.[0];
}

async function* only(result: ExecutionResult): AsyncGenerator<ExecutionResult> {
  yield result;
}
