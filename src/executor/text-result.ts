import type { ExecutionResult, GraphQLError } from 'graphql';
import { toWireError } from './wire-error.ts';

/** The answer of a compiled operation: its data is JSON text, as it is sent; who wants to look into it gets it as objects. */
export class TextResult implements ExecutionResult {
  /** `data` as JSON. */
  readonly text: string;
  readonly errors?: readonly GraphQLError[];
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly #extensionsText: string | undefined;
  #data: Record<string, unknown> | null | undefined;
  #wire: string | undefined;
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

  /** The same answer with these extensions, whose text the caller may know; for all who ask for the very same ones, one and the same. */
  with(extensions: Readonly<Record<string, unknown>>, text?: string): TextResult {
    if (this.#extended?.extensions === extensions) return this.#extended;
    this.#extended = new TextResult(this.text, this.errors ?? [], extensions, text);
    return this.#extended;
  }

  withErrors(errors: readonly GraphQLError[]): TextResult {
    return new TextResult(this.text, errors, this.extensions);
  }

  /** As it is sent; made once, however many it is sent to. */
  get wire(): string {
    if (this.#wire === undefined) {
      const before = this.errors === undefined ? '' : `"errors":${JSON.stringify(this.errors.map(toWireError))},`;
      const after =
        this.extensions === undefined ? '' : `,"extensions":${this.#extensionsText ?? JSON.stringify(this.extensions)}`;
      this.#wire = `{${before}"data":${this.text}${after}}`;
    }
    return this.#wire;
  }

  /** The same in UTF-8; made once as well. Not from a pool: it may be kept as long as the event that it tells of. */
  get bytes(): Buffer {
    if (this.#bytes === undefined) {
      this.#bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(this.wire));
      this.#bytes.write(this.wire);
    }
    return this.#bytes;
  }
}

/** A result as it is sent. */
export function resultText(result: ExecutionResult): string {
  if (result instanceof TextResult) return result.wire;
  return JSON.stringify(result.errors === undefined ? result : { ...result, errors: result.errors.map(toWireError) });
}

/** The same in UTF-8. */
export function resultBytes(result: ExecutionResult): Buffer {
  return result instanceof TextResult ? result.bytes : Buffer.from(resultText(result));
}
