/** What a command has started. */
export interface Running {
  /** The one line that says, on standard output, where it can be reached. */
  readonly ready: string;
  close(): Promise<void>;
}
