import type { JsonObject, JsonValue } from './json.ts';
import type { Problem } from './problem.ts';

export type ParsedJson =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly problem: Problem };

/** No documented policy nests deeper than about 12; the bound keeps hostile text from exhausting the stack. */
const maxDepth = 100;

// The classes inside a string are all characters but the quote, the backslash and U+0000 to U+001F (RFC 8259, section 7).
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
 * Parses JSON text as strictly as `JSON.parse` does, and refuses two keys of the same name in one object, as AWS does
 * ("Duplicate key names will be rejected in JSON", backup policy syntax page; IAM's policy grammar says the same).
 * A problem's path is the line and column, which `JSON.parse` tells only for some errors, and never for a lost duplicate.
 */
export function parseJson(text: string): ParsedJson {
  try {
    return { ok: true, value: new JsonReader(text).readDocument() };
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    return { ok: false, problem: { path: position(text, error.offset), expected: error.message } };
  }
}

function position(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return `line ${before.split('\n').length}, column ${offset - lineStart + 1}`;
}

class JsonReader {
  readonly #text: string;
  #offset = 0;
  #start = 0;

  constructor(text: string) {
    this.#text = text;
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
    let found = this.#next("a property name or '}'");
    while (found !== '}') {
      if (!found.startsWith('"')) this.#fail('a property name in double quotes');
      const key: string = JSON.parse(found);
      if (entries.has(key)) throw new JsonSyntaxError(this.#start, `expected each key once, found ${found} again`);
      if (this.#next("':'") !== ':') this.#fail("':'");
      entries.set(key, this.#readValue(this.#next('a JSON value'), depth + 1));
      const after = this.#next("',' or '}'");
      if (after === '}') break;
      if (after !== ',') this.#fail("',' or '}'");
      found = this.#next('a property name');
      if (found === '}') this.#fail('a property name');
    }
    // Not an object literal filled key by key: a key named __proto__ must stay a key.
    return Object.fromEntries(entries);
  }

  #readArray(depth: number): readonly JsonValue[] {
    const items: JsonValue[] = [];
    let found = this.#next("a JSON value or ']'");
    while (found !== ']') {
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
