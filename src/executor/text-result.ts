import type { ExecutionResult, GraphQLError, GraphQLFormattedError } from 'graphql';

export type FormatError = (error: GraphQLError) => GraphQLFormattedError;

/** The result of a compiled operation: its data is JSON text, as it is sent; `data` parses it. */
export class TextResult implements ExecutionResult {
  /** `data` as JSON. */
  readonly text: string;
  readonly errors?: readonly GraphQLError[];
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly #extensionsText: string | undefined;
  #data: Record<string, unknown> | null | undefined;
  #whole: string | undefined;
  #bytes: Buffer | undefined;
  #extended: TextResult | undefined;

  constructor(
    text: string | null,
    errors: readonly GraphQLError[],
    extensions?: Readonly<Record<string, unknown>>,
    extensionsText?: string,
  ) {
    this.#extensionsText = extensionsText;
    this.text = text ?? 'null';
    if (errors.length > 0) this.errors = errors;
    if (extensions !== undefined) this.extensions = extensions;
  }

  get data(): Record<string, unknown> | null {
    this.#data ??= JSON.parse(this.text) as Record<string, unknown> | null;
    return this.#data;
  }

  /** The same result with these extensions, and their text if the caller knows it; one and the same for the very same extensions. */
  with(extensions: Readonly<Record<string, unknown>>, text?: string): TextResult {
    if (this.#extended?.extensions === extensions) return this.#extended;
    this.#extended = new TextResult(this.text, this.errors ?? [], extensions, text);
    return this.#extended;
  }

  withErrors(errors: readonly GraphQLError[]): TextResult {
    return new TextResult(this.text, errors, this.extensions);
  }

  /** The result as JSON; made once, however many clients it is sent to. */
  toJsonText(formatError: FormatError): string {
    if (this.#whole === undefined) {
      const before = this.errors === undefined ? '' : `"errors":${JSON.stringify(this.errors.map(formatError))},`;
      const after =
        this.extensions === undefined ? '' : `,"extensions":${this.#extensionsText ?? JSON.stringify(this.extensions)}`;
      this.#whole = `{${before}"data":${this.text}${after}}`;
    }
    return this.#whole;
  }

  /** The same in UTF-8; made once as well. Not from a pool: it may be kept as long as the event that it belongs to. */
  toBytes(formatError: FormatError): Buffer {
    if (this.#bytes === undefined) {
      const text = this.toJsonText(formatError);
      this.#bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
      this.#bytes.write(text);
    }
    return this.#bytes;
  }
}
