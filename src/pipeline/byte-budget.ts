import type { Config } from '../config/index.ts';
import type { PreparedDocument } from '../executor/index.ts';
import { limitError } from './errors.ts';
import { TooManyMembers, weightOf } from './json-weight.ts';
import { addressKey, type Operation } from './operation.ts';

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

/**
 * Counts the bytes that the gateway buffers for its clients, by address before they are authenticated and by caller
 * afterwards.
 */
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

/**
 * In bytes. Transports count what they have read while its operation runs; what becomes larger than any body when it is
 * parsed (many small objects) is counted here.
 */
const MIN_COUNTED = 1_048_576;
/**
 * In bytes. Documents that are smaller are mostly in the cache, and shared; queries and mutations hold theirs for a
 * short time, and few do at a time.
 */
const MIN_COUNTED_DOCUMENT = 262_144;
const MIN_COUNTED_SUBSCRIPTION = 65_536;

/** A document that operations hold, and where its bytes are counted: once, for the first of them. */
interface HeldDocument {
  holders: number;
  readonly reservation: ByteReservation;
}

const isShort = (name: unknown): boolean => name == null || (typeof name === 'string' && name.length < MIN_COUNTED);

/** No input type has more members than a few dozen, and V8 takes 40 ms to go once through an object with 75,000. */
const MAX_MEMBERS = 10_000;

function weightOfParams(params: Operation['params']): number {
  try {
    return weightOf(params, Number.POSITIVE_INFINITY, MAX_MEMBERS);
  } catch (error) {
    if (!(error instanceof TooManyMembers)) throw error;
    throw limitError(
      'MEMBER_LIMIT_EXCEEDED',
      `An object in the variables or extensions has more than ${MAX_MEMBERS} members. Send several operations, or a list.`,
      { maximum: MAX_MEMBERS },
    );
  }
}

/**
 * Counts the memory that operations hold while they wait or run: what their clients sent, and documents that may not be
 * in the cache any more.
 */
export class OperationMemory {
  readonly #buffers: ByteBudget;
  readonly #limits: Config['limits']['bufferedBytes'];
  readonly #documents = new Map<PreparedDocument, HeldDocument>();

  constructor(buffers: ByteBudget, limits: Config['limits']['bufferedBytes']) {
    this.#buffers = buffers;
    this.#limits = limits;
  }

  /** Counts an operation's parameters until the reservation is closed. @throws GraphQLError when there is no room. */
  holdParams(operation: Operation): Disposable | undefined {
    const { query, operationName, variables, extensions } = operation.params;
    const isSmall =
      typeof query === 'string' &&
      query.length < MIN_COUNTED &&
      variables == null &&
      extensions == null &&
      isShort(operationName);
    if (isSmall) return undefined;
    const bytes = weightOfParams(operation.params);
    return bytes > MIN_COUNTED ? this.#reserve(operation, bytes) : undefined;
  }

  /** Counts a document, once for all operations that hold it. @throws GraphQLError when there is no room. */
  holdDocument(operation: Operation, document: PreparedDocument): Disposable | undefined {
    const { bytes } = document;
    if (bytes <= (document.subscribes ? MIN_COUNTED_SUBSCRIPTION : MIN_COUNTED_DOCUMENT)) return undefined;
    let held = this.#documents.get(document);
    if (held === undefined) {
      held = { holders: 0, reservation: this.#reserve(operation, bytes) };
      this.#documents.set(document, held);
    }
    const { reservation } = held;
    held.holders += 1;
    return {
      [Symbol.dispose]: () => {
        held.holders -= 1;
        if (held.holders > 0) return;
        this.#documents.delete(document);
        reservation[Symbol.dispose]();
      },
    };
  }

  #reserve({ request: { address }, limitKey }: Operation, bytes: number): ByteReservation {
    const reservation = this.#buffers.open({ address: addressKey(address), caller: limitKey });
    const exceeded = reservation.grow(bytes);
    if (exceeded === undefined) return reservation;
    const setting = `limits.bufferedBytes.${exceeded}`;
    throw limitError(
      'BUFFER_LIMIT_EXCEEDED',
      exceeded === 'perConnection'
        ? `The operation takes more memory than one connection may hold (${setting}). Send fewer or smaller variables.`
        : `There is no memory for the operation at present (${setting}). Try again when others have ended.`,
      {
        maximum: this.#limits[exceeded],
        actual: bytes,
        setting,
        ...(exceeded !== 'perConnection' && { retryAfterMs: 1_000 }),
      },
    );
  }
}
