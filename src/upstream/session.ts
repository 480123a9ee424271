import { createHash } from 'node:crypto';
import type { Principal } from '../principal/principal.ts';
import { UpstreamError } from '../principal/upstream-error.ts';
import { canceledError, isFinal } from './errors.ts';
import { operations } from './operations.ts';
import { Freshness, primedBy, readKey, type Version } from './read-cache.ts';
import type { Reader, SessionState } from './reader.ts';
import type {
  Input,
  Item,
  ListName,
  OperationName,
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

  get cost(): UpstreamCost {
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

  pages<O extends ListName>(operation: O, input: Input<O>): AsyncGenerator<Page<Item<O>>, void, undefined> {
    return readPages(this, operation, input);
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

interface KnownRead {
  readonly version: Version;
  /** While the read is in flight, and after a final error. */
  readonly pending: Promise<object> | undefined;
  output: object | undefined;
  settled: boolean;
}

/** A reply that answers other reads as well. */
interface PrimingReply {
  readonly operation: OperationName;
  readonly output: object;
  readonly version: Version;
}

/** What one session has read and written, so that the same read is one call. Keys are `readKey`s. */
class SessionCache {
  readonly #known = new Map<string, KnownRead>();
  readonly #freshness = new Freshness();
  /** By the read that they answer as well; they are unpacked when it is first asked for. */
  #unprimed: Map<ReadName, PrimingReply[]> | undefined;

  find(operation: ReadName, key: string): KnownRead | undefined {
    return this.#find(operation, key) ?? (this.#primeAll(operation) ? this.#find(operation, key) : undefined);
  }

  set(operation: ReadName, key: string, output: object): void {
    const { version } = this.#freshness;
    this.#known.set(key, { version, pending: undefined, output, settled: true });
    this.#prime(operation, output, version);
  }

  /** Keeps a read in flight, and its error if that is final. */
  setPending(operation: ReadName, key: string, pending: Promise<object>): void {
    const read: KnownRead = { version: this.#freshness.version, pending, output: undefined, settled: false };
    this.#known.set(key, read);
    pending.then(
      (output) => {
        read.settled = true;
        read.output = output;
        this.#prime(operation, output, read.version);
      },
      (error: unknown) => {
        read.settled = true;
        const final = error instanceof UpstreamError && isFinal(error);
        if (!final && this.#known.get(key) === read) this.#known.delete(key);
      },
    );
  }

  invalidate(reads: readonly ReadName[] | 'everything'): void {
    this.#freshness.invalidate(reads);
  }

  /** Keeps the reads that the reply to a write answers. */
  prime<O extends OperationName>(operation: O, output: Output<O>): void {
    this.#prime(operation, output, this.#freshness.version);
  }

  #find(operation: ReadName, key: string): KnownRead | undefined {
    const known = this.#known.get(key);
    return known !== undefined && this.#freshness.isCurrent(operation, known.version) ? known : undefined;
  }

  #prime(operation: OperationName, output: object, version: Version): void {
    const { primes } = operations[operation];
    if (primes === undefined) return;
    this.#unprimed ??= new Map();
    const replies = this.#unprimed.get(primes);
    if (replies === undefined) this.#unprimed.set(primes, [{ operation, output, version }]);
    else replies.push({ operation, output, version });
  }

  /** Returns whether there were any replies to unpack. */
  #primeAll(read: ReadName): boolean {
    const replies = this.#unprimed?.get(read);
    if (replies === undefined) return false;
    this.#unprimed?.delete(read);
    for (const { operation, output: reply, version } of replies) {
      if (!this.#freshness.isCurrent(read, version)) continue;
      for (const { key, output } of primedBy(operation, reply)) {
        // A direct read of the object stands, so that one operation sees one state of it.
        if (this.#find(read, key) !== undefined) continue;
        this.#known.set(key, { version, pending: undefined, output, settled: true });
      }
    }
    return true;
  }
}

/** `UpstreamSession.pages` by `page`. */
export async function* readPages<O extends ListName>(
  session: Pick<UpstreamSession, 'page'>,
  operation: O,
  input: Input<O>,
): AsyncGenerator<Page<Item<O>>, void, undefined> {
  const tokens = new PageTokens(operation, input.NextToken);
  for (let request = input; ; ) {
    const page = await session.page(operation, request);
    if (page.items.length > 0) yield page;
    if (page.nextToken === undefined) return;
    tokens.add(page.nextToken, page.items.length);
    request = Object.assign({}, input, { NextToken: page.nextToken });
  }
}

/** Takes the items and the token of the next page out of a list's reply. */
export function toPage<O extends ListName>(operation: O, output: Output<O>): Page<Item<O>> {
  const items: unknown = Reflect.get(output, operations[operation].items);
  const token: unknown = Reflect.get(output, 'NextToken');
  return {
    // `checkReply` has rejected replies without the list.
    items: Array.isArray(items) ? items : [],
    nextToken: typeof token === 'string' && token !== '' ? token : undefined,
  };
}

/**
 * The largest list has an organization's 50,000 accounts, in pages of 20:
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
 */
const MAX_PAGES = 10_000;
/**
 * AWS returns empty pages with a NextToken now and then:
 * https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccounts.html
 */
const MAX_EMPTY_PAGES_IN_A_ROW = 100;

/**
 * The tokens of the pages of a list that have been read, to detect a list that would never end: one that repeats a
 * token, or has too many pages.
 */
export class PageTokens {
  readonly #operation: ListName;
  /** Digests, as a token may have 100,000 characters. */
  readonly #seen = new Set<string>();
  #emptyPages = 0;

  /** `start`: the token of the first page that is read, if it is not the list's first. */
  constructor(operation: ListName, start?: string) {
    this.#operation = operation;
    if (start !== undefined) this.#seen.add(digestOf(start));
  }

  /**
   * Adds a page, with the token of the next one and its number of items.
   * @throws UpstreamError UPSTREAM_BAD_RESPONSE when the list would never end.
   */
  add(token: string, items: number): void {
    const digest = digestOf(token);
    if (this.#seen.has(digest))
      throw this.#endless('answered with a NextToken that this list has been read with already');
    this.#seen.add(digest);
    this.#emptyPages = items > 0 ? 0 : this.#emptyPages + 1;
    if (this.#emptyPages > MAX_EMPTY_PAGES_IN_A_ROW)
      throw this.#endless(
        `answered with more than ${MAX_EMPTY_PAGES_IN_A_ROW} empty pages in a row, each with a NextToken`,
      );
    if (this.#seen.size > MAX_PAGES) throw this.#endless(`answered with more than ${MAX_PAGES} pages`);
  }

  #endless(problem: string): UpstreamError {
    return new UpstreamError(`${this.#operation} ${problem}, and would never end.`, {
      code: 'UPSTREAM_BAD_RESPONSE',
      operation: this.#operation,
      retryable: true,
    });
  }
}

const digestOf = (token: string): string => createHash('sha256').update(token).digest('base64');
