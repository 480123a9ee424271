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

  /** The same result with extensions, and their text if it is known; memoized for the same object. */
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

/** Characters that JSON must escape in a string. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are among what JSON must escape (RFC 8259, section 7)
const ESCAPED = /["\\\u0000-\u001f\ud800-\udfff]/;

/** Prints a string as JSON.stringify does, faster if nothing has to be escaped. */
export function stringText(value: string): string {
  return ESCAPED.test(value) ? JSON.stringify(value) : `"${value}"`;
}

/** A serialized leaf as JSON.stringify prints it in a list, where a value without JSON is null. */
export function leafText(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return stringText(value);
    case 'number':
      return Number.isFinite(value) ? `${value}` : 'null';
    case 'boolean':
      return value ? 'true' : 'false';
    default:
      if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'null' : dateText(value);
      return JSON.stringify(value) ?? 'null';
  }
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Days whose texts are kept: lists hold dates of some years. */
const MAX_DAYS = 4_096;

const padded = (count: number, digits: number): readonly string[] =>
  Array.from({ length: count }, (_, number) => String(number).padStart(digits, '0'));
const sixty = padded(60, 2);
const hours = sixty.slice(0, 24);
/** `T00:00:` to `T23:59:`. */
const minutesOfDay = hours.flatMap((hour) => sixty.map((minute) => `T${hour}:${minute}:`));
/** `.000Z"` to `.999Z"`. */
const milliseconds = padded(1_000, 3).map((digits) => `.${digits}Z"`);

/** The texts of days since the epoch, after a quote. */
const days = new Map<number, string>();

/**
 * A date as JSON. `toISOString`, which `JSON.stringify` calls, takes Node ten times as long.
 * @throws RangeError for an invalid date.
 */
export function dateText(date: Date): string {
  const time = date.getTime();
  const day = Math.floor(time / DAY_MS);
  const ofDay = time - day * DAY_MS;
  const minute = Math.floor(ofDay / MINUTE_MS);
  const ofMinute = ofDay - minute * MINUTE_MS;
  const second = Math.floor(ofMinute / 1_000);
  return (
    (days.get(day) ?? dayText(date, day)) +
    (minutesOfDay[minute] + (sixty[second] as string) + milliseconds[ofMinute - second * 1_000])
  );
}

function dayText(date: Date, day: number): string {
  const text = `"${date.toISOString().slice(0, -'T00:00:00.000Z'.length)}`;
  if (days.size >= MAX_DAYS) days.clear();
  days.set(day, text);
  return text;
}
