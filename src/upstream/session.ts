import type { Principal } from '../principal/principal.ts';
import { endingError } from './endings.ts';
import { changedBy } from './invalidation.ts';
import { Memory } from './memory.ts';
import type { Input, Item, ListName, Output, ReadName, WriteName } from './operation-types.ts';
import { PageTokens } from './page-tokens.ts';
import { toPage } from './pages.ts';
import { readKey } from './read-key.ts';
import type { Reader } from './reader.ts';
import type { SessionState } from './session-state.ts';
import type { Page, UpstreamCost, UpstreamSession } from './types.ts';
import type { Writer } from './writer.ts';

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
  /** Many sessions read nothing. */
  #memory: Memory | undefined;

  constructor(parts: SessionParts) {
    this.principal = parts.principal;
    this.#parts = parts;
  }

  get cost(): Readonly<UpstreamCost> {
    return this.#parts.state.cost;
  }

  known<O extends ReadName>(operation: O, input: Input<O>): Output<O> | undefined {
    if (this.#parts.state.lifetime.ending !== undefined) return undefined;
    return this.#known(operation, readKey(operation, input)) as Output<O> | undefined;
  }

  knownPage<O extends ListName>(operation: O, input: Input<O>): Page<Item<O>> | undefined {
    const output = this.known(operation, input);
    return output && toPage(operation, output);
  }

  read<O extends ReadName>(operation: O, input: Input<O>): Promise<Output<O>> {
    const { ending } = this.#parts.state.lifetime;
    if (ending !== undefined) return Promise.reject(endingError(ending, operation, true));
    const key = readKey(operation, input);
    const known = this.#known(operation, key);
    return (known === undefined ? this.#ask(operation, input, key) : Promise.resolve(known)) as Promise<Output<O>>;
  }

  page<O extends ListName>(operation: O, input: Input<O>): Promise<Page<Item<O>>> {
    return this.read(operation, input).then((output) => toPage(operation, output));
  }

  async *pages<O extends ListName>(operation: O, input: Input<O>): AsyncGenerator<Page<Item<O>>, void, undefined> {
    const tokens = new PageTokens(operation, input.NextToken);
    for (let request = input; ; ) {
      const page = await this.page(operation, request);
      if (page.items.length > 0) yield page;
      if (page.nextToken === undefined) return;
      tokens.add(page.nextToken, page.items.length);
      request = Object.assign({}, input, { NextToken: page.nextToken });
    }
  }

  async write<O extends WriteName>(operation: O, input: Input<O>): Promise<Output<O>> {
    const { writer, state } = this.#parts;
    const ending = state.lifetime.look();
    if (ending !== undefined) {
      const error = endingError(ending, operation, false);
      state.onWriteEnd?.({ operation, input, output: undefined, error, requestId: undefined, durationMs: 0 });
      throw error;
    }
    const output = await writer.write(operation, input, state, () => this.#memory?.drop(changedBy[operation]));
    this.#remember()?.tell(operation, output);
    return output;
  }

  async accountId(principal = this.principal): Promise<string> {
    const operation = 'GetCallerIdentity';
    const { lifetime } = this.#parts.state;
    const ending = lifetime.look();
    if (ending !== undefined) throw endingError(ending, operation, true);
    return await new Promise((resolve, reject) => {
      const stop = lifetime.onEnd((end) => reject(endingError(end, operation, true)));
      principal.accountId().finally(stop).then(resolve, reject);
    });
  }

  #remember(): Memory | undefined {
    if (this.#parts.memoize) this.#memory ??= new Memory();
    return this.#memory;
  }

  #known(operation: ReadName, key: string): object | undefined {
    const { reader, state } = this.#parts;
    const remembered = this.#memory?.find(operation, key);
    if (remembered !== undefined) {
      if (remembered.answer !== undefined) state.cost.cached += 1;
      return remembered.answer;
    }
    const cached = reader.cached(operation, key, state);
    if (cached !== undefined) this.#remember()?.keep(operation, key, cached);
    return cached;
  }

  #ask<O extends ReadName>(operation: O, input: Input<O>, key: string): Promise<object> {
    const { reader, state } = this.#parts;
    const asked = this.#memory?.find(operation, key);
    if (asked?.answering !== undefined) {
      state.cost[asked.settled ? 'cached' : 'coalesced'] += 1;
      return asked.answering;
    }
    const ending = state.lifetime.look();
    if (ending !== undefined) return Promise.reject(endingError(ending, operation, true));
    const answering = reader.read(operation, input, key, state);
    this.#remember()?.follow(operation, key, answering);
    return answering;
  }
}
