/** A member of an object that has changed. The name is the graph's, the values are JSON; null if there is none. */
export interface MemberChange {
  readonly name: string;
  readonly before: unknown;
  readonly after: unknown;
}
