import { clearUnder, type LevelStore, logPrefix, type Operation, pagesUnder } from '../level-store.ts';
import type { OutboxCommit, OutboxLease, OutboxQueue, OutboxStore, StoredItem } from './outbox-store.ts';

/** Names an outbox that the store has. Its key has no other `!`. */
const registryPrefix = 'outbox!';

const sortable = (place: number): string => String(place).padStart(16, '0');

/** An outbox in a LevelDB store. Its keys are `<log>!field!<name>`, `<log>!pending!<place>` and `<log>!dead!<place>`. */
export class LevelOutboxStore implements OutboxStore {
  readonly renewEveryMs = undefined;
  readonly #store: LevelStore;
  readonly #log: string;
  #requests: string[] = [];
  #isRegistered = false;
  #lastWrite: Promise<unknown> = Promise.resolve();

  constructor(store: LevelStore, log: string) {
    this.#store = store;
    this.#log = log;
  }

  /** Resolves when no write is in flight. */
  get idle(): Promise<unknown> {
    return this.#lastWrite;
  }

  async renew(): Promise<OutboxLease> {
    const requests = this.#requests;
    this.#requests = [];
    return { isHeld: true, requests };
  }

  async release(): Promise<void> {}

  async load(): Promise<ReadonlyMap<string, string>> {
    await this.#lastWrite;
    const fields = new Map<string, string>();
    for await (const page of pagesUnder(this.#store, this.#prefix('field')))
      for (const [name, value] of page) fields.set(name, value);
    return fields;
  }

  async commit({ fields = new Map(), put = [], delete: deleted = [] }: OutboxCommit): Promise<boolean> {
    const operations: Operation[] = [];
    if (!this.#isRegistered) operations.push({ type: 'put', key: `${registryPrefix}${this.#log}`, value: '' });
    for (const [name, value] of fields) {
      const key = `${this.#prefix('field')}${name}`;
      operations.push(value === undefined ? { type: 'del', key } : { type: 'put', key, value });
    }
    for (const { queue, place } of deleted) operations.push({ type: 'del', key: this.#key(queue, place) });
    for (const { queue, place, text } of put)
      operations.push({ type: 'put', key: this.#key(queue, place), value: text });
    const write = this.#lastWrite.then(() => this.#store.batch(operations));
    this.#lastWrite = write.catch(() => undefined);
    await write;
    this.#isRegistered = true;
    return true;
  }

  async read(queue: OutboxQueue, after: number, limit: number): Promise<readonly StoredItem[]> {
    const prefix = this.#prefix(queue);
    const range = { gt: this.#key(queue, after), lt: `${prefix.slice(0, -1)}"`, limit };
    const found = await this.#store.iterator(range).all();
    return found.map(([key, text]) => ({ queue, place: Number(key.slice(prefix.length)), text }));
  }

  async request(request: string): Promise<void> {
    this.#requests.push(request);
  }

  #prefix(part: 'field' | OutboxQueue): string {
    return `${logPrefix(this.#log)}${part}!`;
  }

  #key(queue: OutboxQueue, place: number): string {
    return `${this.#prefix(queue)}${sortable(place)}`;
  }
}

/** Deletes the outboxes of destinations that are not configured any more. */
export async function dropOutboxesExcept(store: LevelStore, logs: ReadonlySet<string>): Promise<void> {
  const dropped: string[] = [];
  for await (const page of pagesUnder(store, registryPrefix))
    for (const [log] of page) if (!logs.has(log)) dropped.push(log);
  for (const log of dropped) {
    await clearUnder(store, logPrefix(log));
    await store.del(`${registryPrefix}${log}`);
  }
}
