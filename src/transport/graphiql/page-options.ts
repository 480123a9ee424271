/** How the page finds the value of a variable that is left out. */
export interface VariableSource {
  /** A query in the same document. Its answer has objects with an `id`, which is the value. */
  readonly query: string;
  /** Values that an object's fields must have. */
  readonly where: Readonly<Record<string, readonly unknown[]>>;
  /** The field whose greatest value marks the object to take. */
  readonly newestBy: string;
  /** The operation to run first, for the message when there is none. */
  readonly after: string;
}

/** Options of the page beside GraphiQL's own. */
export interface PageOptions {
  /** The principals that examples run as, by operation. */
  readonly principals: Readonly<Record<string, string>>;
  /** By operation, then by variable. */
  readonly variables: Readonly<Record<string, Readonly<Record<string, VariableSource>>>>;
}
