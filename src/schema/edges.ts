/** An item of a connection. */
export interface Edge<T> {
  readonly node: T;
  /** A getter, as encoding a cursor is expensive and few clients select it. */
  readonly cursor: string;
}

export interface PageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  /** Getters, like `Edge.cursor`. */
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

/** The page info of edges that are all there. */
export class EdgesPageInfo implements PageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly #edges: readonly Edge<unknown>[];
  readonly #after: string | null;

  constructor(edges: readonly Edge<unknown>[], hasNextPage: boolean, after: string | null) {
    this.hasNextPage = hasNextPage;
    this.hasPreviousPage = after !== null;
    this.#edges = edges;
    this.#after = after;
  }

  get startCursor(): string | null {
    return this.#edges[0]?.cursor ?? null;
  }

  get endCursor(): string | null {
    return this.#edges.at(-1)?.cursor ?? this.#after;
  }
}
