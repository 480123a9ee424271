/** The command line asks for something that there is not. `message` is one line that names it and what to do. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}
