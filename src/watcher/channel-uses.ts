import { type Clock, later, type WallMs } from '../upstream/index.ts';
import type { CallPacer } from './call-pacer.ts';
import type { ChannelLease } from './channel-lease.ts';

/** The use of a watched list by the copy of an organization, which needs it less often than subscribers. */
export interface BackgroundUse {
  readonly maxAgeMs: number;
  /** The share of the operation's rate, 0 to 1. */
  readonly share: number;
  /** Spaces the calls. */
  readonly pacer: CallPacer;
  /** Called when the list is no longer read, although the lease was not released. */
  onStop(error: Error): void;
}

/** How often a list is polled that only copies use. */
export interface Pace {
  readonly minIntervalMs: number;
  readonly maxIntervalMs: number;
  readonly pacer: CallPacer;
  readonly share: number;
}

/** The part of the maximum age after which a list is read again, so that there is time for the read. */
const refreshAt = 0.85;

/** The uses of a watched list. */
export class ChannelUses {
  readonly #clock: Clock;
  readonly #maxIntervalMs: number;
  readonly #uses = new Map<ChannelLease, BackgroundUse | undefined>();
  /** Another process has subscribers until then. */
  #demandedUntil = Number.NEGATIVE_INFINITY;
  /** Reads of another process: the last that was too old, and one that is accepted although it seems so. */
  #outdatedRead: WallMs | undefined;
  #acceptedRead: WallMs | undefined;

  constructor(clock: Clock, { maxIntervalMs }: { readonly maxIntervalMs: number }) {
    this.#clock = clock;
    this.#maxIntervalMs = maxIntervalMs;
  }

  get size(): number {
    return this.#uses.size;
  }

  /** `background`: undefined for a subscriber. */
  add(lease: ChannelLease, background: BackgroundUse | undefined): void {
    this.#uses.set(lease, background);
  }

  delete(lease: ChannelLease): boolean {
    return this.#uses.delete(lease);
  }

  /** The number of subscribers of this process. */
  get subscribers(): number {
    let count = 0;
    for (const use of this.#uses.values()) if (use === undefined) count += 1;
    return count;
  }

  /** Whether a subscriber of this process uses it. */
  get hasSubscribers(): boolean {
    for (const use of this.#uses.values()) if (use === undefined) return true;
    return false;
  }

  get hasBackground(): boolean {
    for (const use of this.#uses.values()) if (use !== undefined) return true;
    return false;
  }

  /** Another process has subscribers, and asks again if the list is read too rarely. */
  onDemand(): void {
    this.#demandedUntil = later(this.#clock.monotonicMs(), 3 * this.#maxIntervalMs);
  }

  /**
   * Whether another process has read too long ago for the subscribers of this one. Its clock may differ, so that its
   * next read is accepted in any case. Calls `requestRead` if so.
   */
  isOutdated(readOn: WallMs, requestRead: () => void): boolean {
    if (!this.hasSubscribers || readOn === this.#acceptedRead) return false;
    if (this.#clock.wallMs() - readOn <= 2 * this.#maxIntervalMs) return false;
    const isRepeated = this.#outdatedRead === undefined || this.#outdatedRead === readOn;
    this.#outdatedRead = isRepeated ? readOn : undefined;
    if (isRepeated) requestRead();
    else this.#acceptedRead = readOn;
    return isRepeated;
  }

  /** Undefined while there are subscribers. */
  get pace(): Pace | undefined {
    if (this.#clock.monotonicMs() < this.#demandedUntil || this.hasSubscribers) return undefined;
    let fastest: BackgroundUse | undefined;
    for (const use of this.#uses.values())
      if (use !== undefined && (fastest === undefined || use.maxAgeMs < fastest.maxAgeMs)) fastest = use;
    if (fastest === undefined) return undefined;
    const intervalMs = fastest.maxAgeMs * refreshAt;
    const { pacer, share } = fastest;
    return { minIntervalMs: intervalMs, maxIntervalMs: intervalMs, pacer, share };
  }

  onStop(error: Error): void {
    for (const use of [...this.#uses.values()]) use?.onStop(error);
  }
}
