/** One setting made outside the file. */
export interface Setting {
  /** Where it belongs in the configuration, e.g. `['upstream', 'cacheMs']`. */
  readonly path: readonly string[];
  readonly value: unknown;
  /** The items of `value` are added to the list that the file has, instead of replacing it. They are valid. */
  readonly isAdded?: boolean;
  /** Who made it, for messages: a variable's or an option's name. */
  readonly source: string;
}
