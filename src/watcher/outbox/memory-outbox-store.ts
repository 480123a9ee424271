import type { OutboxCommit, OutboxLease, OutboxQueue, OutboxStore, StoredItem } from './outbox-store.ts';

/** An outbox that ends with the process. */
export class MemoryOutboxStore implements OutboxStore {
  readonly renewEveryMs = undefined;
  readonly #fields = new Map<string, string>();
  readonly #queues: Readonly<Record<OutboxQueue, Map<number, string>>> = { pending: new Map(), dead: new Map() };
  #requests: string[] = [];

  async renew(): Promise<OutboxLease> {
    const requests = this.#requests;
    this.#requests = [];
    return { isHeld: true, requests };
  }

  async release(): Promise<void> {}

  async load(): Promise<ReadonlyMap<string, string>> {
    return new Map(this.#fields);
  }

  async commit({ fields = new Map(), put = [], delete: deleted = [] }: OutboxCommit): Promise<boolean> {
    for (const [name, value] of fields) {
      if (value === undefined) this.#fields.delete(name);
      else this.#fields.set(name, value);
    }
    for (const { queue, place } of deleted) this.#queues[queue].delete(place);
    for (const { queue, place, text } of put) this.#queues[queue].set(place, text);
    return true;
  }

  async read(queue: OutboxQueue, after: number, limit: number): Promise<readonly StoredItem[]> {
    const texts = this.#queues[queue];
    const places: number[] = [];
    // Events are pending in the order of their places. A later event may be a dead letter before an earlier one.
    for (const place of queue === 'dead' ? [...texts.keys()].sort((a, b) => a - b) : texts.keys()) {
      if (place <= after) continue;
      if (places.length === limit) break;
      places.push(place);
    }
    return places.map((place) => ({ queue, place, text: texts.get(place) ?? '' }));
  }

  async request(request: string): Promise<void> {
    this.#requests.push(request);
  }
}
