import { createHash } from 'node:crypto';
import { UpstreamError } from '../principal/upstream-error.ts';
import { operations } from './operations.ts';
import type { Item, ListName, OperationName, Output, Page, ReadName } from './types.ts';

/** Identifies a read: the same for equal inputs, with members in any order, and undefined ones or none. */
export function readKey(operation: OperationName, input: object): string {
  return `${operation} ${plainJson(input) ?? JSON.stringify(input, sorted)}`;
}

/** The JSON of an input without nested members, as most are. Each read needs it, and JSON.stringify is slow to start. */
function plainJson(input: object): string | undefined {
  let members = '';
  for (const name of sortedNames(input)) {
    const value: unknown = Reflect.get(input, name);
    if (value === undefined) continue;
    const text = plainText(value);
    if (text === undefined || !isPlain(name)) return undefined;
    members += members === '' ? `"${name}":${text}` : `,"${name}":${text}`;
  }
  return `{${members}}`;
}

function sortedNames(input: object): readonly string[] {
  const names = Object.keys(input);
  for (let index = 1; index < names.length; index += 1) {
    if ((names[index - 1] as string) > (names[index] as string)) return names.sort();
  }
  return names;
}

function plainText(value: unknown): string | undefined {
  if (typeof value === 'string') return isPlain(value) ? `"${value}"` : undefined;
  return typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
    ? String(value)
    : undefined;
}

/** Whether JSON needs no escapes: printable ASCII, without quotes and backslashes. */
function isPlain(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || code > 0x7e || code === 0x22 || code === 0x5c) return false;
  }
  return true;
}

function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A read that the reply to another operation answers as well. */
export interface PrimedRead {
  readonly operation: ReadName;
  /** Its `readKey`. */
  readonly key: string;
  readonly output: object;
}

/** Memoized, as each session that receives a reply may need them. */
const primedReads = new WeakMap<object, readonly PrimedRead[]>();

export function primedBy(operation: OperationName, output: object): readonly PrimedRead[] {
  let primed = primedReads.get(output);
  if (primed === undefined) {
    primed = findPrimed(operation, output);
    primedReads.set(output, primed);
  }
  return primed;
}

function findPrimed(operation: OperationName, output: object): readonly PrimedRead[] {
  const row = operations[operation];
  const read = row.primes;
  if (read === undefined) return [];
  const { object: member, request } = operations[read] as { object: string; request: (object: object) => object };
  const objects: object[] = 'items' in row ? Reflect.get(output, row.items) : [Reflect.get(output, member)];
  return (objects ?? [])
    .filter((object) => object !== undefined)
    .map((object) => ({ operation: read, key: readKey(read, request(object)), output: { [member]: object } }));
}

export function toPage<O extends ListName>(operation: O, output: Output<O>): Page<Item<O>> {
  const items: unknown = Reflect.get(output, operations[operation].items);
  const token: unknown = Reflect.get(output, 'NextToken');
  return {
    // `checkReply` has rejected replies without the list.
    items: Array.isArray(items) ? items : [],
    nextToken: typeof token === 'string' && token !== '' ? token : undefined,
  };
}

/** The largest list has an organization's 50,000 accounts, in pages of 20: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html */
const MAX_PAGES = 10_000;
/** AWS returns empty pages with a NextToken now and then: https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccounts.html */
const MAX_EMPTY_PAGES_IN_A_ROW = 100;

/** The tokens of the pages of a list that have been read, to detect a list that would never end: one that repeats a token, or has too many pages. */
export class PageTokens {
  readonly #operation: ListName;
  /** Digests, as a token may have 100,000 characters. */
  readonly #seen = new Set<string>();
  #emptyPages = 0;

  /** `start`: the token of the first page that is read, if it is not the list's first. */
  constructor(operation: ListName, start?: string) {
    this.#operation = operation;
    if (start !== undefined) this.#seen.add(digestOf(start));
  }

  /**
   * Adds a page, with the token of the next one and its number of items.
   * @throws UpstreamError UPSTREAM_BAD_RESPONSE when the list would never end.
   */
  add(token: string, items: number): void {
    const digest = digestOf(token);
    if (this.#seen.has(digest))
      throw this.#endless('answered with a NextToken that this list has been read with already');
    this.#seen.add(digest);
    this.#emptyPages = items > 0 ? 0 : this.#emptyPages + 1;
    if (this.#emptyPages > MAX_EMPTY_PAGES_IN_A_ROW)
      throw this.#endless(
        `answered with more than ${MAX_EMPTY_PAGES_IN_A_ROW} empty pages in a row, each with a NextToken`,
      );
    if (this.#seen.size > MAX_PAGES) throw this.#endless(`answered with more than ${MAX_PAGES} pages`);
  }

  #endless(problem: string): UpstreamError {
    return new UpstreamError(`${this.#operation} ${problem}, and would never end.`, {
      code: 'UPSTREAM_BAD_RESPONSE',
      operation: this.#operation,
      retryable: true,
    });
  }
}

const digestOf = (token: string): string => createHash('sha256').update(token).digest('base64');
