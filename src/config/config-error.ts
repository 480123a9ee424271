/** A mistake in a command line, a variable or a file. */
export interface Mistake {
  /** The option or variable that it is in; a mistake with the same source is reported once. */
  readonly source: string;
  readonly text: string;
}

/** Settings or arguments that are wrong or unknown: one line for each, which names the place, the setting and a right value. */
export class ConfigError extends Error {
  readonly mistakes: readonly string[];

  constructor(mistakes: string | readonly string[], cause?: unknown) {
    const all = typeof mistakes === 'string' ? [mistakes] : mistakes;
    super(all.join('\n'), { cause });
    this.name = 'ConfigError';
    this.mistakes = all;
  }
}
