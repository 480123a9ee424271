/** The command line has mistakes. Each is one line that names it and what to do. */
export class UsageError extends Error {
  readonly mistakes: readonly string[];

  constructor(mistakes: string | readonly string[]) {
    const all = typeof mistakes === 'string' ? [mistakes] : mistakes;
    super(all.join('\n'));
    this.name = 'UsageError';
    this.mistakes = all;
  }
}
