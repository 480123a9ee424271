/** A mistake in a command line, a variable or a file. */
export interface Mistake {
  /** The option or variable that it is in; a mistake with the same source is reported once. */
  readonly source: string;
  readonly text: string;
}
