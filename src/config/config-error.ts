/** A setting that is wrong or unknown. `message` is one line that names where it was set and what is expected. */
export class ConfigError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'ConfigError';
  }
}
