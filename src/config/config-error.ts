/** A mistake in the command line, an environment variable or a file. */
export interface Mistake {
  /** The option or variable that has the mistake. Only one mistake per source is reported. */
  readonly source: string;
  readonly text: string;
}

/** Invalid or unknown settings or arguments. Each line names the source, the setting and a valid value. */
export class ConfigError extends Error {
  readonly mistakes: readonly string[];

  constructor(mistakes: string | readonly string[], cause?: unknown) {
    const all = typeof mistakes === 'string' ? [mistakes] : mistakes;
    super(all.join('\n'), { cause });
    this.name = 'ConfigError';
    this.mistakes = all;
  }
}
