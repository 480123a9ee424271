/** One setting made outside the file. */
export interface Setting {
  /** Where it belongs in the configuration, e.g. `['upstream', 'cacheMs']`. */
  readonly path: readonly string[];
  readonly value: unknown;
  /** Who made it, for messages: a variable's or an option's name. */
  readonly source: string;
}
