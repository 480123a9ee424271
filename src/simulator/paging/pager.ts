import { createHmac, timingSafeEqual } from 'node:crypto';
import { throwInvalidInput } from '../service-error.ts';
import type { Account } from '../world/entities.ts';

/** AWS's maximum page size, and the default of MaxResults. */
const PAGE_SIZE = 20;

export interface PageRequest {
  readonly NextToken?: string;
  readonly MaxResults?: number;
}

/** Returns the entries after a position, in order. */
export type ListSource<T> = (position: number) => Iterable<readonly [position: number, value: T]>;

/** The call that a NextToken is bound to. */
interface ListCall {
  readonly operation: string;
  readonly account: Account;
}

export interface Page<R> {
  readonly items: readonly R[];
  readonly NextToken: string | undefined;
}

interface PagePosition {
  readonly position: number;
  /** Whether an injected empty page came before this one. Two empty pages never follow each other. */
  readonly afterEmpty: boolean;
}

/**
 * Splits lists into pages. A NextToken contains the position of the last returned entry, so that entries can be added
 * and removed between pages, and is signed with the operation, the arguments other than MaxResults, and the caller.
 */
export class Pager {
  readonly #secret: Buffer;
  readonly #shouldReturnEmptyPage: () => boolean;

  constructor(secret: Buffer, shouldReturnEmptyPage: () => boolean) {
    this.#secret = secret;
    this.#shouldReturnEmptyPage = shouldReturnEmptyPage;
  }

  /** @throws {ServiceError} InvalidInputException INVALID_NEXT_TOKEN */
  page<T, R>(
    call: ListCall,
    input: PageRequest,
    source: ListSource<T>,
    render: (value: T) => R,
    matches: (value: T) => boolean = () => true,
  ): Page<R> {
    const scope = scopeOf(call, input);
    const start =
      input.NextToken === undefined ? { position: 0, afterEmpty: false } : this.#decodeToken(input.NextToken, scope);
    if (!start.afterEmpty && this.#shouldReturnEmptyPage()) {
      return { items: [], NextToken: this.#encodeToken({ position: start.position, afterEmpty: true }, scope) };
    }
    const limit = input.MaxResults ?? PAGE_SIZE;
    const items: R[] = [];
    let last = start.position;
    for (const [position, value] of source(start.position)) {
      if (!matches(value)) continue;
      if (items.length === limit) {
        return { items, NextToken: this.#encodeToken({ position: last, afterEmpty: false }, scope) };
      }
      items.push(render(value));
      last = position;
    }
    return { items, NextToken: undefined };
  }

  #encodeToken({ position, afterEmpty }: PagePosition, scope: string): string {
    const text = `${position.toString(36)}${afterEmpty ? '!' : ''}`;
    return Buffer.concat([this.#mac(text, scope), Buffer.from(text)]).toString('base64url');
  }

  #decodeToken(token: string, scope: string): PagePosition {
    const bytes = Buffer.from(token, 'base64url');
    const text = bytes.subarray(16).toString();
    const valid =
      bytes.length > 16 &&
      bytes.toString('base64url') === token &&
      timingSafeEqual(bytes.subarray(0, 16), this.#mac(text, scope));
    if (!valid) {
      throwInvalidInput(
        'INVALID_NEXT_TOKEN',
        'NextToken is not one that this operation gave this caller for these arguments. Start again without it.',
      );
    }
    return { position: Number.parseInt(text, 36), afterEmpty: text.endsWith('!') };
  }

  #mac(text: string, scope: string): Buffer {
    return createHmac('sha256', this.#secret).update(scope).update('\0').update(text).digest().subarray(0, 16);
  }
}

function scopeOf(call: ListCall, input: PageRequest): string {
  const { NextToken: _token, MaxResults: _size, ...argumentsOfList } = input;
  return JSON.stringify([
    call.operation,
    call.account.id,
    call.account.membership?.organizationId,
    sortMembers(argumentsOfList),
  ]);
}

function sortMembers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortMembers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .filter(([, member]) => member !== null && member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => [name, sortMembers(member)]);
}

/** Pages an array that is computed for each call. The index of a value is its position. */
export function arraySource<T>(values: readonly T[]): ListSource<T> {
  return (position) => values.slice(position).map((value, index) => [position + index + 1, value] as const);
}
