import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import { type OperationName, readKey } from '../upstream/index.ts';

/** A place in a list: behind the first `index` items of the upstream page that `token` fetches. */
export interface Position {
  /** NextToken of the page; undefined for the first. */
  readonly token: string | undefined;
  /** Items of that page up to and including the cursor's own; 0 = before the page's first item. */
  readonly index: number;
  /** Key of the cursor's own item, found again on that page when items before it came or went meanwhile. */
  readonly key?: string | undefined;
  /** Of a list that was assembled from others (connection-reader.ts): a digest of the items up to the cursor's own, in any order. */
  readonly seen?: string | undefined;
}

/** Why a cursor was not taken; `extensions.reason` of an INVALID_CURSOR error. */
export type CursorFault = 'MALFORMED' | 'TAMPERED' | 'OTHER_LIST' | 'EXPIRED';

const advice = 'Start again without `after`.';
const messages: { readonly [F in CursorFault]: string } = {
  MALFORMED: `after: this is not a cursor of this gateway. Pass an edge's \`cursor\` or \`pageInfo.endCursor\` unchanged. ${advice}`,
  TAMPERED: `after: this cursor was changed, or was made by another gateway or before a restart (give all of them the same graph.cursorSecret to avoid that). ${advice}`,
  OTHER_LIST: `after: this cursor belongs to another list, to other arguments or to another principal. Pass it to the field that it came from, with the same arguments. ${advice}`,
  EXPIRED: `after: AWS no longer accepts the page token in this cursor. ${advice}`,
};

export function invalidCursor(fault: CursorFault): GraphQLError {
  return new GraphQLError(messages[fault], {
    extensions: { code: 'INVALID_CURSOR', reason: fault, retryable: false },
  });
}

const version = 1;
const macBytes = 16;
const fingerprintBytes = 9;

/** Lists are read again and again, and hashing is a quarter of what a page of 20 costs: so both are kept, of what was asked for last. */
const fingerprints = new LRUCache<string, string>({ max: 1_024 });
const cursors = new WeakMap<Uint8Array, LRUCache<string, string>>();
/** By key. A client that wants the cursor of each edge has a thousand in a page. */
const MOST_CURSORS = 2_048;
/** In characters: AWS's page tokens have some hundred. */
const LONGEST_KEPT = 1_024;

/**
 * What a cursor belongs to: the upstream operation with its arguments, and the principal. 9 bytes of SHA-256:
 * it tells lists apart; forging is what the signature is against.
 */
export function listFingerprint(principal: string, operation: OperationName, input: object): string {
  const list = JSON.stringify([principal, readKey(operation, input)]);
  let fingerprint = fingerprints.get(list);
  if (fingerprint === undefined) {
    fingerprint = createHash('sha256').update(list).digest().subarray(0, fingerprintBytes).toString('base64url');
    if (list.length <= LONGEST_KEPT) fingerprints.set(list, fingerprint);
  }
  return fingerprint;
}

/** Text of a cursor: base64url of a signature (HMAC-SHA-256, 16 bytes) and a JSON tuple. */
export function encodeCursor(
  key: Uint8Array,
  fingerprint: string,
  { token, index, key: itemKey, seen }: Position,
): string {
  const parts: unknown[] = [version, fingerprint, index, token ?? null, itemKey ?? null];
  if (seen !== undefined) parts.push(seen);
  const text = JSON.stringify(parts);
  let kept = cursors.get(key);
  if (kept === undefined) {
    kept = new LRUCache({ max: MOST_CURSORS });
    cursors.set(key, kept);
  }
  let cursor = kept.get(text);
  if (cursor === undefined) {
    const body = Buffer.from(text);
    cursor = Buffer.concat([sign(key, body), body]).toString('base64url');
    if (text.length <= LONGEST_KEPT) kept.set(text, cursor);
  }
  return cursor;
}

/** @throws GraphQLError INVALID_CURSOR for anything that `encodeCursor` did not make with this key for this list. */
export function decodeCursor(key: Uint8Array, fingerprint: string, cursor: string): Position {
  const bytes = Buffer.from(cursor, 'base64url');
  // Buffer skips what is not base64url; a cursor has one spelling, so that any changed character is noticed.
  if (bytes.length <= macBytes || bytes.toString('base64url') !== cursor) throw invalidCursor('MALFORMED');
  const body = bytes.subarray(macBytes);
  if (!timingSafeEqual(sign(key, body), bytes.subarray(0, macBytes))) throw invalidCursor('TAMPERED');
  const [madeBy, madeFor, index, token, itemKey, seen] = JSON.parse(body.toString()) as [
    number,
    string,
    number,
    string | null,
    string | null,
    string?,
  ];
  if (madeBy !== version) throw invalidCursor('MALFORMED');
  if (madeFor !== fingerprint) throw invalidCursor('OTHER_LIST');
  return { token: token ?? undefined, index, key: itemKey ?? undefined, seen };
}

function sign(key: Uint8Array, body: Uint8Array): Buffer {
  return createHmac('sha256', key).update(body).digest().subarray(0, macBytes);
}

/**
 * What a cursor says of its place, without a look at whether it is genuine: for an estimate of what going on from it costs. A cursor
 * that is not genuine costs nothing, as it is refused.
 */
export function peekCursor(cursor: string): { readonly index: number; readonly isAssembled: boolean } {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').subarray(macBytes).toString());
    if (!Array.isArray(parts) || typeof parts[2] !== 'number') return { index: 0, isAssembled: false };
    return { index: parts[2], isAssembled: parts[5] !== undefined };
  } catch {
    return { index: 0, isAssembled: false };
  }
}
