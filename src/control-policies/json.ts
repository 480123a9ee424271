export type JsonScalar = string | number | boolean | null;
export type JsonValue = JsonScalar | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isJsonArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** Describes a value for a message: `a list`, `an object`, `null`, `the text "Maybe"`. */
export function describeJson(value: JsonValue | undefined): string {
  if (value === undefined) return 'nothing';
  if (isJsonArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (isJsonObject(value)) return 'an object';
  if (typeof value === 'string')
    return `the text ${JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value)}`;
  return String(value);
}

/** A problem of a policy document. */
export interface Problem {
  /** `Statement[0].Action`, `tags/costcenter/tag_key` or `line 3, column 7`; empty for the whole document. */
  readonly path: string;
  /** The expected and the actual value, as one sentence without a full stop. */
  readonly expected: string;
  /** Why the evaluator cannot interpret the statement. Omitted for problems that do not change what it matches. */
  readonly unevaluable?: 'UNKNOWN_OPERATOR' | 'UNKNOWN_ELEMENT' | 'INVALID_ELEMENT';
}

export function describeProblem({ path, expected }: Problem): string {
  return path === '' ? expected : `${path}: ${expected}`;
}

export type ParsedJson<Value extends JsonValue = JsonValue> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: Problem };

/** Documented policies have at most about 12 levels. The limit protects the stack from hostile text. */
const maxDepth = 100;

// A string may contain all characters but the quote, the backslash and U+0000 to U+001F (RFC 8259, section 7).
const token =
  /([{}[\],:])|("[ !#-[\]-\uffff]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[ !#-[\]-\uffff]*)*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/y;
const space = /[ \t\n\r]*/y;

class JsonSyntaxError extends Error {
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

/**
 * Parses JSON as strictly as `JSON.parse`, and also rejects duplicate keys, as AWS does ("Duplicate key names will be
 * rejected in JSON", backup policy syntax page; IAM's policy grammar says the same). Each problem's path is a line and
 * a column, which `JSON.parse` has for some errors only.
 */
export function parseJson(text: string): ParsedJson {
  const read = readJson(text);
  return read.ok ? read : { ok: false, problem: { path: position(text, read.offset), expected: read.expected } };
}

/** Offsets of the members of an object, by key, or of the items of a list, by index. */
export type JsonOffsets = Map<JsonValue, ReadonlyMap<string, number>>;

export type ReadJson =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly offset: number; readonly expected: string };

/** Parses like `parseJson`. Enters each object and list into `offsets`. */
export function readJson(text: string, offsets?: JsonOffsets): ReadJson {
  try {
    return { ok: true, value: new JsonReader(text, offsets).readDocument() };
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    return { ok: false, offset: error.offset, expected: error.message };
  }
}

/** Parses JSON text that must be an object, as every policy document must be. */
export function parseJsonObject(text: string): ParsedJson<JsonObject> {
  const parsed = parseJson(text);
  if (!parsed.ok) return parsed;
  if (isJsonObject(parsed.value)) return { ok: true, value: parsed.value };
  return { ok: false, problem: { path: '', expected: `expected a JSON object, found ${describeJson(parsed.value)}` } };
}

function position(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return `line ${before.split('\n').length}, column ${offset - lineStart + 1}`;
}

class JsonReader {
  readonly #text: string;
  readonly #offsets: JsonOffsets | undefined;
  #offset = 0;
  #start = 0;

  constructor(text: string, offsets: JsonOffsets | undefined) {
    this.#text = text;
    this.#offsets = offsets;
  }

  readDocument(): JsonValue {
    const value = this.#readValue(this.#next('a JSON value'), 0);
    this.#skipSpace();
    if (this.#offset < this.#text.length) this.#fail('the end of the text', this.#offset);
    return value;
  }

  #readValue(found: string, depth: number): JsonValue {
    if (depth > maxDepth) throw new JsonSyntaxError(this.#start, `expected at most ${maxDepth} levels of nesting`);
    if (found === '{') return this.#readObject(depth);
    if (found === '[') return this.#readArray(depth);
    if (/^[}\],:]$/.test(found)) this.#fail('a JSON value');
    return JSON.parse(found);
  }

  #readObject(depth: number): JsonObject {
    const entries = new Map<string, JsonValue>();
    const offsets = new Map<string, number>();
    let found = this.#next("a property name or '}'");
    while (found !== '}') {
      if (!found.startsWith('"')) this.#fail('a property name in double quotes');
      const key: string = JSON.parse(found);
      if (entries.has(key)) throw new JsonSyntaxError(this.#start, `expected each key once, found ${found} again`);
      offsets.set(key, this.#start);
      if (this.#next("':'") !== ':') this.#fail("':'");
      entries.set(key, this.#readValue(this.#next('a JSON value'), depth + 1));
      const after = this.#next("',' or '}'");
      if (after === '}') break;
      if (after !== ',') this.#fail("',' or '}'");
      found = this.#next('a property name');
      if (found === '}') this.#fail('a property name');
    }
    // Object.fromEntries keeps a key named __proto__; assignment to an object literal does not.
    const value = Object.fromEntries(entries);
    this.#offsets?.set(value, offsets);
    return value;
  }

  #readArray(depth: number): readonly JsonValue[] {
    const items: JsonValue[] = [];
    const offsets = new Map<string, number>();
    this.#offsets?.set(items, offsets);
    let found = this.#next("a JSON value or ']'");
    while (found !== ']') {
      offsets.set(String(items.length), this.#start);
      items.push(this.#readValue(found, depth + 1));
      const after = this.#next("',' or ']'");
      if (after === ']') break;
      if (after !== ',') this.#fail("',' or ']'");
      found = this.#next('a JSON value');
      if (found === ']') this.#fail('a JSON value');
    }
    return items;
  }

  #next(expected: string): string {
    this.#skipSpace();
    this.#start = this.#offset;
    token.lastIndex = this.#offset;
    const match = token.exec(this.#text);
    if (match === null) this.#fail(expected);
    this.#offset = token.lastIndex;
    return match[0];
  }

  #skipSpace(): void {
    space.lastIndex = this.#offset;
    space.exec(this.#text);
    this.#offset = space.lastIndex;
  }

  #fail(expected: string, offset = this.#start): never {
    const found = this.#text.codePointAt(offset);
    const what = found === undefined ? 'the end of the text' : JSON.stringify(String.fromCodePoint(found));
    throw new JsonSyntaxError(offset, `expected ${expected}, found ${what}`);
  }
}
