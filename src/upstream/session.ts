import type { Principal } from '../principal/principal.ts';
import { endingError } from './endings.ts';
import { isFinal, UpstreamError } from './errors.ts';
import { Freshness, type Moment } from './freshness.ts';
import { changedBy } from './invalidation.ts';
import type { Input, Item, ListName, OperationName, Output, ReadName, WriteName } from './operation-types.ts';
import { toPage } from './pages.ts';
import { primedBy } from './priming.ts';
import { readKey } from './read-key.ts';
import type { Reader } from './reader.ts';
import type { SessionState } from './session-state.ts';
import type { Page, UpstreamCost, UpstreamSession } from './types.ts';
import type { Writer } from './writer.ts';

/** What the session has read: the answer, or the promise of one. */
interface Remembered {
  readonly asked: Moment;
  readonly answer: Promise<object> | object;
  settled: boolean;
}

export interface SessionParts {
  readonly principal: Principal;
  readonly reader: Reader;
  readonly writer: Writer;
  readonly state: SessionState;
  readonly memoize: boolean;
}

export class Session implements UpstreamSession {
  readonly principal: Principal;
  readonly #parts: SessionParts;
  readonly #memo = new Map<string, Remembered>();
  readonly #freshness = new Freshness();

  constructor(parts: SessionParts) {
    this.principal = parts.principal;
    this.#parts = parts;
  }

  get cost(): Readonly<UpstreamCost> {
    return this.#parts.state.cost;
  }

  async read<O extends ReadName>(operation: O, input: Input<O>): Promise<Output<O>> {
    this.#checkAlive(operation);
    const key = readKey(operation, input);
    return (await (this.#remembered(operation, key) ?? this.#ask(operation, input, key))) as Output<O>;
  }

  async page<O extends ListName>(operation: O, input: Input<O>): Promise<Page<Item<O>>> {
    return toPage(operation, await this.read(operation, input));
  }

  async *pages<O extends ListName>(operation: O, input: Input<O>): AsyncGenerator<Page<Item<O>>, void, undefined> {
    for (let request = input; ; ) {
      const page = await this.page(operation, request);
      if (page.items.length > 0) yield page;
      if (page.nextToken === undefined) return;
      if (page.nextToken === request.NextToken) {
        throw new UpstreamError(
          `${operation} answered with the very token that it was asked with, and would never end.`,
          {
            code: 'UPSTREAM_BAD_RESPONSE',
            operation,
            retryable: true,
          },
        );
      }
      request = { ...input, NextToken: page.nextToken };
    }
  }

  async write<O extends WriteName>(operation: O, input: Input<O>): Promise<Output<O>> {
    const { writer, state } = this.#parts;
    const { ending } = state.lifetime;
    if (ending !== undefined) {
      const error = endingError(ending, operation, false);
      state.onWriteEnd?.({ operation, input, output: undefined, error, requestId: undefined, durationMs: 0 });
      throw error;
    }
    const output = await writer.write(operation, input, state, () => this.#freshness.drop(changedBy[operation]));
    this.#prime(operation, output, this.#freshness.now);
    return output;
  }

  async accountId(principal = this.principal): Promise<string> {
    const operation = 'GetCallerIdentity';
    this.#checkAlive(operation);
    return await new Promise((resolve, reject) => {
      const stop = this.#parts.state.lifetime.onEnd((ending) => reject(endingError(ending, operation, true)));
      principal.accountId().finally(stop).then(resolve, reject);
    });
  }

  #checkAlive(operation: OperationName | 'GetCallerIdentity'): void {
    const { ending } = this.#parts.state.lifetime;
    if (ending !== undefined) throw endingError(ending, operation, true);
  }

  #remembered(operation: ReadName, key: string): Promise<object> | object | undefined {
    const known = this.#memo.get(key);
    if (known === undefined || !this.#freshness.holds(operation, known.asked)) return undefined;
    this.#parts.state.cost[known.settled ? 'cached' : 'coalesced'] += 1;
    return known.answer;
  }

  #ask<O extends ReadName>(operation: O, input: Input<O>, key: string): Promise<object> {
    const { reader, state, memoize } = this.#parts;
    const answer = reader.read(operation, input, key, state);
    if (!memoize) return answer;
    const known: Remembered = { asked: this.#freshness.now, answer, settled: false };
    this.#memo.set(key, known);
    answer.then(
      (output) => {
        known.settled = true;
        this.#prime(operation, output as Output<O>, known.asked);
      },
      (error: unknown) => {
        known.settled = true;
        // "Not found" stays the answer; what may go better next time is asked again.
        const final = error instanceof UpstreamError && isFinal(error);
        if (!final && this.#memo.get(key) === known) this.#memo.delete(key);
      },
    );
    return answer;
  }

  #prime<O extends OperationName>(operation: O, output: Output<O>, asked: Moment): void {
    if (!this.#parts.memoize) return;
    for (const primed of primedBy(operation, output)) {
      const key = readKey(primed.operation, primed.input);
      const known = this.#memo.get(key);
      // What was asked for itself stands, so that one operation sees one state of an object.
      if (known !== undefined && this.#freshness.holds(primed.operation, known.asked)) continue;
      if (!this.#freshness.holds(primed.operation, asked)) continue;
      this.#memo.set(key, { asked, answer: primed.output, settled: true });
    }
  }
}
