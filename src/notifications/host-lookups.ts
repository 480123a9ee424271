import { type LookupAddress, lookup } from 'node:dns';

type Callback = (error: NodeJS.ErrnoException | null, addresses: readonly LookupAddress[]) => void;
type LookUp = (host: string, callback: Callback) => void;

interface Lookup {
  readonly host: string;
  readonly callbacks: Callback[];
}

/** A lookup that takes longer than this counts as slow, in ms. */
const SLOW_MS = 1_000;
/** The most hosts that are known as slow. */
const MAX_SLOW_HOSTS = 1_000;

const system: LookUp = (host, callback) => lookup(host, { all: true, verbatim: true }, callback);

/**
 * Looks up host names. Node does that in its thread pool, which has four threads and writes files, too. So at most two
 * run at a time, each host has one, and hosts that were slow leave one thread to the others.
 */
export class HostLookups {
  readonly #lookUp: LookUp;
  readonly #running = new Map<string, Lookup>();
  readonly #waiting = new Map<string, Lookup>();
  readonly #slow = new Set<string>();

  constructor(lookUp: LookUp = system) {
    this.#lookUp = lookUp;
  }

  find(host: string, callback: Callback): void {
    const known = this.#running.get(host) ?? this.#waiting.get(host);
    if (known !== undefined) return void known.callbacks.push(callback);
    this.#waiting.set(host, { host, callbacks: [callback] });
    this.#startNext();
  }

  #startNext(): void {
    for (const next of [...this.#waiting.values()]) {
      if (this.#running.size >= 2) return;
      const isSlowRunning = [...this.#running.keys()].some((host) => this.#slow.has(host));
      if (isSlowRunning && this.#slow.has(next.host)) continue;
      this.#waiting.delete(next.host);
      this.#start(next);
    }
  }

  #start(one: Lookup): void {
    const { host } = one;
    this.#running.set(host, one);
    const timer = setTimeout(() => this.#addSlow(host), SLOW_MS);
    timer.unref();
    const startedAt = performance.now();
    this.#lookUp(host, (error, addresses) => {
      clearTimeout(timer);
      this.#running.delete(host);
      if (performance.now() - startedAt < SLOW_MS) this.#slow.delete(host);
      for (const callback of one.callbacks) callback(error, addresses);
      this.#startNext();
    });
  }

  #addSlow(host: string): void {
    if (this.#slow.size >= MAX_SLOW_HOSTS) this.#slow.clear();
    this.#slow.add(host);
    this.#startNext();
  }
}
