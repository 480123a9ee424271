import type { Principal } from '../principal/principal.ts';
import { canceledError } from './errors.ts';
import { operations } from './operations.ts';
import type { Reader } from './reader.ts';
import { PageTokens, readKey, toPage } from './reads.ts';
import { SessionCache, type SessionState } from './session-state.ts';
import type {
  Input,
  Item,
  ListName,
  Output,
  Page,
  ReadName,
  UpstreamCost,
  UpstreamSession,
  WriteName,
} from './types.ts';
import type { Writer } from './writer.ts';

export interface SessionDependencies {
  readonly principal: Principal;
  readonly reader: Reader;
  readonly writer: Writer;
  readonly state: SessionState;
  readonly memoize: boolean;
}

export class Session implements UpstreamSession {
  readonly principal: Principal;
  readonly #dependencies: SessionDependencies;
  /** Many sessions read nothing. */
  #cache: SessionCache | undefined;

  constructor(dependencies: SessionDependencies) {
    this.principal = dependencies.principal;
    this.#dependencies = dependencies;
  }

  get cost(): Readonly<UpstreamCost> {
    return this.#dependencies.state.cost;
  }

  known<O extends ReadName>(operation: O, input: Input<O>): Output<O> | undefined {
    if (this.#dependencies.state.deadline.quickStatus !== undefined) return undefined;
    return this.#known(operation, readKey(operation, input)) as Output<O> | undefined;
  }

  knownPage<O extends ListName>(operation: O, input: Input<O>): Page<Item<O>> | undefined {
    const output = this.known(operation, input);
    return output && toPage(operation, output);
  }

  read<O extends ReadName>(operation: O, input: Input<O>): Promise<Output<O>> {
    const reason = this.#dependencies.state.deadline.quickStatus;
    if (reason !== undefined) return Promise.reject(canceledError(reason, operation, true));
    const key = readKey(operation, input);
    const known = this.#known(operation, key);
    return (known === undefined ? this.#load(operation, input, key) : Promise.resolve(known)) as Promise<Output<O>>;
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
    const { writer, state } = this.#dependencies;
    const reason = state.deadline.status();
    if (reason !== undefined) {
      const error = canceledError(reason, operation, false);
      state.onWriteEnd?.({ operation, input, output: undefined, error, requestId: undefined, durationMs: 0 });
      throw error;
    }
    const { invalidates } = operations[operation];
    const output = await writer.write(operation, input, state, () => this.#cache?.invalidate(invalidates));
    this.#createCache()?.prime(operation, output);
    return output;
  }

  async accountId(principal = this.principal): Promise<string> {
    const operation = 'GetCallerIdentity';
    const { deadline } = this.#dependencies.state;
    const reason = deadline.status();
    if (reason !== undefined) throw canceledError(reason, operation, true);
    return await new Promise((resolve, reject) => {
      const stop = deadline.onEnd((end) => reject(canceledError(end, operation, true)));
      principal.accountId().finally(stop).then(resolve, reject);
    });
  }

  #createCache(): SessionCache | undefined {
    if (this.#dependencies.memoize) this.#cache ??= new SessionCache();
    return this.#cache;
  }

  #known(operation: ReadName, key: string): object | undefined {
    const { reader, state } = this.#dependencies;
    const known = this.#cache?.find(operation, key);
    if (known !== undefined) {
      if (known.output !== undefined) state.cost.cached += 1;
      return known.output;
    }
    const cached = reader.cached(operation, key, state);
    if (cached !== undefined) this.#createCache()?.set(operation, key, cached);
    return cached;
  }

  #load<O extends ReadName>(operation: O, input: Input<O>, key: string): Promise<object> {
    const { reader, state } = this.#dependencies;
    const known = this.#cache?.find(operation, key);
    if (known?.pending !== undefined) {
      state.cost[known.settled ? 'cached' : 'coalesced'] += 1;
      return known.pending;
    }
    const reason = state.deadline.status();
    if (reason !== undefined) return Promise.reject(canceledError(reason, operation, true));
    const pending = reader.read(operation, input, key, state);
    this.#createCache()?.setPending(operation, key, pending);
    return pending;
  }
}
