import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { OrderPosition } from '../inventory/types.ts';
import { type OperationName, readKey } from '../upstream/index.ts';

/** A position in a list: after the first `index` items of the upstream page that `token` fetches. */
export interface Position {
  /** NextToken of the page; undefined for the first. */
  readonly token: string | undefined;
  /** Number of items of that page before the position; 0 = before the page's first item. */
  readonly index: number;
  /** Key of the item before the position, to find it again if the page has changed. */
  readonly key?: string | undefined;
  /** In an assembled list (connection-reader.ts): an order-independent digest of the items before the position. */
  readonly seen?: string | undefined;
}

/** `extensions.reason` of an INVALID_CURSOR error. */
export type InvalidCursorReason = 'MALFORMED' | 'TAMPERED' | 'OTHER_LIST' | 'EXPIRED';

const advice = 'Start again without `after`.';
const messages: { readonly [F in InvalidCursorReason]: string } = {
  MALFORMED: `after: this is not a cursor of this gateway. Pass an edge's \`cursor\` or \`pageInfo.endCursor\` unchanged.`,
  TAMPERED: `after: the signature of this cursor is not valid: it was changed, or created by another gateway or before a restart (unless all have the same graph.cursorSecret). ${advice}`,
  OTHER_LIST: `after: this cursor belongs to another list, other arguments or another principal. Pass it to the field that returned it, with the same arguments.`,
  EXPIRED: `after: AWS no longer accepts the page token in this cursor. ${advice}`,
};

export function invalidCursor(fault: InvalidCursorReason): GraphQLError {
  return new GraphQLError(messages[fault], {
    extensions: { code: 'INVALID_CURSOR', reason: fault, retryable: false },
  });
}

const version = 1;
/** Cursors of the copy of the organization begin with it; base64url has no dot. */
const inventoryPrefix = 'i.';
/** In place of `version`. */
const inventoryVersion = 'inventory 1';
const macBytes = 16;
const fingerprintBytes = 9;

/** Hashing takes a quarter of the CPU time of a page of 20 items, so recent fingerprints and cursors are cached. */
const fingerprints = new LRUCache<string, string>({ max: 1_024 });
const cursors = new WeakMap<Uint8Array, LRUCache<string, string>>();
/** Per signing key. A connection with `first: 1000` has a thousand cursors. */
const MAX_CACHED_CURSORS = 2_048;
/** In characters. AWS's page tokens have some hundred. */
const MAX_CACHED_LENGTH = 1_024;

/**
 * Identifies the list of a cursor: upstream operation, arguments and principal. 9 bytes of SHA-256 distinguish lists;
 * the signature prevents forgery.
 * @param conditions The conditions and the order that the gateway applies itself.
 */
export function listFingerprint(
  principal: string,
  operation: OperationName,
  input: object,
  conditions?: string,
): string {
  const list = JSON.stringify([
    principal,
    readKey(operation, input),
    ...(conditions === undefined ? [] : [conditions]),
  ]);
  let fingerprint = fingerprints.get(list);
  if (fingerprint === undefined) {
    fingerprint = createHash('sha256').update(list).digest().subarray(0, fingerprintBytes).toString('base64url');
    if (list.length <= MAX_CACHED_LENGTH) fingerprints.set(list, fingerprint);
  }
  return fingerprint;
}

/** Identifies the history of an organization or an object, with its conditions. */
export function historyFingerprint(principal: string, conditions: string): string {
  return createHash('sha256')
    .update(JSON.stringify(['history', principal, conditions]))
    .digest()
    .subarray(0, fingerprintBytes)
    .toString('base64url');
}

/** Encodes a cursor: base64url of a signature (HMAC-SHA-256, 16 bytes) and a JSON tuple. */
export function encodeCursor(
  key: Uint8Array,
  fingerprint: string,
  { token, index, key: itemKey, seen }: Position,
): string {
  const parts: unknown[] = [version, fingerprint, index, token ?? null, itemKey ?? null];
  if (seen !== undefined) parts.push(seen);
  return signText(key, JSON.stringify(parts));
}

function signText(key: Uint8Array, text: string): string {
  let cache = cursors.get(key);
  if (cache === undefined) {
    cache = new LRUCache({ max: MAX_CACHED_CURSORS });
    cursors.set(key, cache);
  }
  let cursor = cache.get(text);
  if (cursor === undefined) {
    const body = Buffer.from(text);
    cursor = Buffer.concat([sign(key, body), body]).toString('base64url');
    if (text.length <= MAX_CACHED_LENGTH) cache.set(text, cursor);
  }
  return cursor;
}

/** @throws GraphQLError INVALID_CURSOR unless `encodeCursor` created the cursor with this key for this list. */
export function decodeCursor(key: Uint8Array, fingerprint: string, cursor: string): Position {
  const [cursorVersion, cursorFingerprint, index, token, itemKey, seen] = verifyText(key, cursor) as [
    number,
    string,
    number,
    string | null,
    string | null,
    string?,
  ];
  if (cursorVersion !== version) throw invalidCursor('MALFORMED');
  if (cursorFingerprint !== fingerprint) throw invalidCursor('OTHER_LIST');
  return { token: token ?? undefined, index, key: itemKey ?? undefined, seen };
}

/** Returns the JSON value that `signText` signed. @throws GraphQLError INVALID_CURSOR */
function verifyText(key: Uint8Array, cursor: string): unknown {
  const bytes = Buffer.from(cursor, 'base64url');
  // Buffer ignores characters outside base64url; comparing the spelling detects them.
  if (bytes.length <= macBytes || bytes.toString('base64url') !== cursor) throw invalidCursor('MALFORMED');
  const body = bytes.subarray(macBytes);
  if (!timingSafeEqual(sign(key, body), bytes.subarray(0, macBytes))) throw invalidCursor('TAMPERED');
  return JSON.parse(body.toString());
}

function sign(key: Uint8Array, body: Uint8Array): Buffer {
  return createHmac('sha256', key).update(body).digest().subarray(0, macBytes);
}

/** A position in a list of the copy: after the item with this order key and id. */
export interface InventoryPosition extends OrderPosition {
  /** Identifies the organization that the copy holds. */
  readonly epoch: string;
}

/** Whether a cursor continues in the copy of the organization. Others continue in AWS's pages. */
export const isInventoryCursor = (cursor: string): boolean => cursor.startsWith(inventoryPrefix);

export function encodeInventoryCursor(
  cursorKey: Uint8Array,
  fingerprint: string,
  { epoch, key, id }: InventoryPosition,
): string {
  return `${inventoryPrefix}${signText(cursorKey, JSON.stringify([inventoryVersion, fingerprint, epoch, key, id]))}`;
}

/**
 * @throws GraphQLError INVALID_CURSOR unless `encodeInventoryCursor` created the cursor with this key for this list.
 */
export function decodeInventoryCursor(cursorKey: Uint8Array, fingerprint: string, cursor: string): InventoryPosition {
  const [cursorVersion, cursorFingerprint, epoch, key, id] = verifyText(
    cursorKey,
    cursor.slice(inventoryPrefix.length),
  ) as [string, string, string, string | number, string];
  if (cursorVersion !== inventoryVersion) throw invalidCursor('MALFORMED');
  if (cursorFingerprint !== fingerprint) throw invalidCursor('OTHER_LIST');
  return { epoch, key, id };
}

const expirations = {
  OTHER_ORGANIZATION: 'the copy now holds another organization than the one of this cursor.',
  UNAVAILABLE: 'the copy of the organization does not hold this list now: it is being read again, or no longer kept.',
} as const;

/** The error of a valid cursor of the copy that cannot be continued. */
export function expiredInventoryCursor(reason: keyof typeof expirations): GraphQLError {
  return new GraphQLError(`after: ${expirations[reason]} ${advice}`, {
    extensions: { code: 'INVENTORY_CURSOR_EXPIRED', reason, retryable: reason === 'UNAVAILABLE' },
  });
}

/**
 * Reads a cursor's position without verifying its signature, for an estimate. Invalid cursors are rejected later,
 * without a call.
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
