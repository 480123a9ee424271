import type { Principal } from '../principal/principal.ts';
import {
  addAge,
  type Input,
  type Item,
  type ListName,
  type OperationName,
  type Output,
  type Page,
  type ReadName,
  readPages,
  systemClock,
  toPage,
  type UpstreamCost,
  UpstreamError,
  type UpstreamSession,
  type WallMs,
  type WriteName,
} from '../upstream/index.ts';
import type { CopyReader } from './types.ts';

export interface InventorySessionOptions {
  /** Reads what the copy does not hold. */
  readonly session: UpstreamSession;
  /** Undefined if there is none. */
  readonly copy: CopyReader | undefined;
  /** AWS must not be called. */
  readonly onlyIfCached: boolean;
}

/** Counts data of the copy among the data of an operation. */
export function countCopied({ cost }: Pick<UpstreamSession, 'cost'>, asOf: WallMs): void {
  cost.cached += 1;
  addAge(cost, systemClock.wallMs() - asOf);
}

/**
 * The session of an operation that accepts older data: the copy of the organization answers its reads as far as it
 * holds them, and the others are those of a usual session or, with `onlyIfCached`, of its cache alone.
 */
export class InventorySession implements UpstreamSession {
  readonly copy: CopyReader | undefined;
  readonly #options: InventorySessionOptions;
  #live: InventorySession | undefined;

  constructor(options: InventorySessionOptions) {
    this.copy = options.copy;
    this.#options = options;
  }

  /** The same session without the copy, for lists whose position is one in AWS's pages. */
  get live(): UpstreamSession {
    this.#live ??= new InventorySession({ ...this.#options, copy: undefined });
    return this.#live;
  }

  get principal(): Principal {
    return this.#options.session.principal;
  }

  get cost(): UpstreamCost {
    return this.#options.session.cost;
  }

  known<O extends ReadName>(operation: O, input: Input<O>): Output<O> | undefined {
    const copied = this.copy?.reply(operation, input);
    if (copied === undefined) return this.#options.session.known(operation, input);
    countCopied(this, copied.asOf);
    return copied.value;
  }

  knownPage<O extends ListName>(operation: O, input: Input<O>): Page<Item<O>> | undefined {
    const output = this.known(operation, input);
    return output && toPage(operation, output);
  }

  async read<O extends ReadName>(operation: O, input: Input<O>): Promise<Output<O>> {
    const known = this.known(operation, input);
    if (known !== undefined) return known;
    if (this.#options.onlyIfCached) throw notInInventory(operation);
    return await this.#options.session.read(operation, input);
  }

  async page<O extends ListName>(operation: O, input: Input<O>): Promise<Page<Item<O>>> {
    return toPage(operation, await this.read(operation, input));
  }

  pages<O extends ListName>(operation: O, input: Input<O>): AsyncGenerator<Page<Item<O>>, void, undefined> {
    return readPages(this, operation, input);
  }

  write<O extends WriteName>(operation: O, input: Input<O>): Promise<Output<O>> {
    return this.#options.session.write(operation, input);
  }

  accountId(principal?: Principal): Promise<string> {
    return this.#options.session.accountId(principal);
  }
}

/** AWS must not be called, and neither the copy nor the cache holds a reply. */
export function notInInventory(operation: OperationName): UpstreamError {
  return new UpstreamError(
    `Neither the copy of the organization nor the cache has a reply to ${operation} that this operation accepts, and ` +
      '`onlyIfCached` forbids a call to AWS. Leave out `onlyIfCached`, or accept older data with `maxAge`.',
    { code: 'NOT_IN_INVENTORY', operation, retryable: true },
  );
}
