import type { Principal } from '../../../src/principal/index.ts';
import {
  type Input,
  type Item,
  type ListName,
  type OperationName,
  type Output,
  type Page,
  type ReadName,
  type Upstream,
  type UpstreamCost,
  UpstreamError,
  type UpstreamSession,
  type WriteName,
} from '../../../src/upstream/index.ts';
import { type Answers, answerKey, createAnswers } from './answers.ts';
import type { World } from './world.ts';

/** AWS in memory with precomputed results, so that the bench measures only the server in front of it. */
export class MemoryUpstream implements Upstream {
  readonly #answers: Answers;

  constructor(world: World) {
    this.#answers = createAnswers(world);
  }

  session(principal: Principal): UpstreamSession {
    return new MemorySession(principal, this.#answers);
  }

  onWrite() {
    return () => {};
  }

  forget() {}

  usageOf() {
    return { minutes: [], budget: [], accountId: undefined, failure: undefined };
  }

  ratePerSecond() {
    return Number.POSITIVE_INFINITY;
  }

  async close() {}
}

class MemorySession implements UpstreamSession {
  readonly cost: UpstreamCost = { calls: 0, cached: 0, coalesced: 0, waitedMs: 0, ageMs: 0 };
  readonly principal: Principal;
  readonly #answers: Answers;

  constructor(principal: Principal, answers: Answers) {
    this.principal = principal;
    this.#answers = answers;
  }

  // Synchronous, like the gateway's sessions for cached data.
  known<O extends ReadName>(operation: O, input: Input<O>): Output<O> | undefined {
    this.cost.cached += 1;
    return this.#answers.reads.get(answerKey(operation, input))?.output as Output<O> | undefined;
  }

  knownPage<O extends ListName>(operation: O, input: Input<O>): Page<Item<O>> | undefined {
    this.cost.cached += 1;
    return this.#answers.reads.get(answerKey(operation, input))?.page as Page<Item<O>> | undefined;
  }

  async read<O extends ReadName>(operation: O, input: Input<O>): Promise<Output<O>> {
    return this.known(operation, input) ?? unknown(operation);
  }

  async page<O extends ListName>(operation: O, input: Input<O>): Promise<Page<Item<O>>> {
    return this.knownPage(operation, input) ?? unknown(operation);
  }

  async *pages<O extends ListName>(operation: O, input: Input<O>): AsyncGenerator<Page<Item<O>>, void, undefined> {
    for (let request = input; ; ) {
      const page = await this.page(operation, request);
      yield page;
      if (page.nextToken === undefined) return;
      request = { ...input, NextToken: page.nextToken };
    }
  }

  async write<O extends WriteName>(operation: O, input: Input<O>): Promise<Output<O>> {
    this.cost.calls += 1;
    const output = this.#answers.write(operation, input);
    return (output ?? unknown(operation)) as Output<O>;
  }

  accountId(principal = this.principal): Promise<string> {
    return principal.accountId();
  }
}

function unknown(operation: OperationName): never {
  throw new UpstreamError(`The world of this benchmark has no answer to this ${operation}.`, {
    code: 'UPSTREAM_BAD_RESPONSE',
    operation,
    retryable: false,
  });
}
