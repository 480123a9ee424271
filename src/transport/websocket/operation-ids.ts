import { randomUUID } from 'node:crypto';

/**
 * By which ids graphql-ws knows a client's operations: by the client's own, mostly. A client that has completed an operation may use its id again at once, but the first may
 * still run: a mutation runs to its end. Then the second gets another id towards graphql-ws, so that what comes of one is never taken for the other's.
 */
export class OperationIds {
  /** No client's id begins with it: no client gets to see it. */
  readonly #mark = randomUUID();
  #given = 0;
  /** The id towards graphql-ws, by the client's. */
  readonly #inner = new Map<string, string>();

  innerOf(outer: string): string {
    return this.#inner.get(outer) ?? outer;
  }

  outerOf(inner: string): string {
    return inner.startsWith(this.#mark) ? inner.slice(inner.indexOf(':') + 1) : inner;
  }

  /** Another id towards graphql-ws, until its operation has ended. */
  rename(outer: string): string {
    this.#given += 1;
    const inner = `${this.#mark}${this.#given}:${outer}`;
    this.#inner.set(outer, inner);
    return inner;
  }

  ended(inner: string): void {
    const outer = this.outerOf(inner);
    if (this.#inner.get(outer) === inner) this.#inner.delete(outer);
  }
}
