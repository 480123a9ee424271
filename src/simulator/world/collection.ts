import { Sequence } from './sequence.ts';

/** Values by key, ordered by position. */
export class Collection<T> {
  readonly #entries = new Map<string, { readonly position: number; readonly value: T }>();
  readonly #sequence = new Sequence<T>();

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): T | undefined {
    return this.#entries.get(key)?.value;
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  add(key: string, position: number, value: T): void {
    this.delete(key);
    this.#entries.set(key, { position, value });
    this.#sequence.add(position, value);
  }

  delete(key: string): boolean {
    const entry = this.#entries.get(key);
    if (!entry) return false;
    this.#entries.delete(key);
    return this.#sequence.delete(entry.position);
  }

  after(position: number): Iterable<readonly [position: number, value: T]> {
    return this.#sequence.after(position);
  }

  values(): readonly T[] {
    return this.#sequence.values();
  }
}
