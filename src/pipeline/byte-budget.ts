import type { Config } from '../config/index.ts';

type Limits = Config['limits']['bufferedBytes'];

/** The bound that does not allow a reservation to grow: the name of a setting below `limits.bufferedBytes`. */
export type ExceededBound = keyof Limits;

/** Whose memory it is: until a request or connection is authenticated its address answers for it, then its caller. */
export interface BufferOwner {
  /** See `addressKey`. */
  readonly address: string;
  /** See `Operation.limitKey`; undefined before authentication. */
  readonly caller?: string | undefined;
}

/** Counts the bytes that the gateway buffers for its clients, by address before they are authenticated and by caller afterwards. */
export class ByteBudget {
  readonly #limits: Limits;
  readonly #perAddress = new Map<string, number>();
  readonly #perCaller = new Map<string, number>();
  readonly #releaseListeners = new Set<() => void>();
  #total = 0;
  #unauthenticated = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** For all clients together. */
  get total(): number {
    return this.#total;
  }

  /** Begins to count the buffers of one request, message or connection. Close it when they are released. */
  open(owner: BufferOwner): ByteReservation {
    return new ByteReservation(this, owner);
  }

  /** The first bound that `bytes` more would exceed. `held`: what the connection holds already. */
  exceeded({ address, caller }: BufferOwner, bytes: number, held: number): ExceededBound | undefined {
    const limits = this.#limits;
    if (held + bytes > limits.perConnection) return 'perConnection';
    if (this.#total + bytes > limits.total) return 'total';
    if (caller !== undefined)
      return (this.#perCaller.get(caller) ?? 0) + bytes > limits.perCaller ? 'perCaller' : undefined;
    if ((this.#perAddress.get(address) ?? 0) + bytes > limits.unauthenticatedPerAddress)
      return 'unauthenticatedPerAddress';
    return this.#unauthenticated + bytes > limits.unauthenticated ? 'unauthenticated' : undefined;
  }

  /** Calls back whenever bytes are released. Returns the function that ends that. */
  onRelease(listener: () => void): () => void {
    this.#releaseListeners.add(listener);
    return () => this.#releaseListeners.delete(listener);
  }

  /** Adds bytes, or subtracts them when negative. */
  add({ address, caller }: BufferOwner, bytes: number): void {
    this.#total += bytes;
    if (caller === undefined) this.#unauthenticated += bytes;
    const [owners, key] = caller === undefined ? [this.#perAddress, address] : [this.#perCaller, caller];
    const sum = (owners.get(key) ?? 0) + bytes;
    if (sum > 0) owners.set(key, sum);
    else owners.delete(key);
    if (bytes < 0) for (const listener of this.#releaseListeners) listener();
  }
}

/** The buffers of one request, message or connection. */
export class ByteReservation implements Disposable {
  readonly #budget: ByteBudget;
  #owner: BufferOwner;
  #bytes = 0;

  constructor(budget: ByteBudget, owner: BufferOwner) {
    this.#budget = budget;
    this.#owner = owner;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The bound that `bytes` more would exceed. */
  exceeded(bytes: number): ExceededBound | undefined {
    return this.#budget.exceeded(this.#owner, bytes, this.#bytes);
  }

  /** Counts `bytes` more, unless that exceeds a bound, which is returned; nothing is counted then. */
  grow(bytes: number): ExceededBound | undefined {
    const exceeded = this.exceeded(bytes);
    if (exceeded === undefined) this.#add(bytes);
    return exceeded;
  }

  /** Counts bytes that are buffered already, whatever the bounds say, or those that were released (negative). */
  adjust(bytes: number): void {
    this.#add(Math.max(bytes, -this.#bytes));
  }

  /** From now on the bytes are the caller's. */
  authenticated(caller: string): void {
    const bytes = this.#bytes;
    this.#add(-bytes);
    this.#owner = { address: this.#owner.address, caller };
    this.#add(bytes);
  }

  /** Everything is released. */
  [Symbol.dispose](): void {
    this.#add(-this.#bytes);
  }

  #add(bytes: number): void {
    if (bytes === 0) return;
    this.#bytes += bytes;
    this.#budget.add(this.#owner, bytes);
  }
}
