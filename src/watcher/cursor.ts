import { createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { later, type MonotonicClock, type MonotonicMs } from '../upstream/index.ts';
import { WatchError } from './errors.ts';

/** The content of a cursor: a position in an event log. */
export interface Position {
  readonly principal: string;
  /** Name of the log: the list, or `describe:<id>`. */
  readonly log: string;
  /** The epoch of the last event. */
  readonly epoch: string;
  readonly sequence: number;
  /** The subscription's subject: one object (its id), a filtered list (`?` and a digest), or a whole list (empty). */
  readonly scope: string;
  /** False inside a snapshot, of which the subscriber has not received the rest. */
  readonly complete: boolean;
}

const version = '2';

export const encodeCursor = (
  keys: CursorKeys,
  { principal, log, epoch, sequence, scope, complete }: Position,
): string => {
  const payload = [version, principal, log, epoch, sequence, scope, complete ? 1 : 0].join('|');
  return keys.sign(Buffer.from(payload)).toString('base64url');
};

const invalid = (reason: 'MALFORMED' | 'TAMPERED', what: string) =>
  new WatchError(
    `The cursor in \`after\` ${what}. Pass the \`cursor\` of an event unchanged, or subscribe without \`after\`.`,
    {
      code: 'INVALID_CURSOR',
      reason,
      retryable: false,
    },
  );

const malformed = () => invalid('MALFORMED', 'is damaged, or does not come from a subscription');

/**
 * Returns the position in a cursor; undefined when its signing key is not known here (any more), so that it cannot be
 * verified.
 * @throws WatchError (INVALID_CURSOR) when it was changed.
 */
export const decodeCursor = async (keys: CursorKeys, cursor: string): Promise<Position | undefined> => {
  const bytes = Buffer.from(cursor, 'base64url');
  // Buffer ignores characters outside base64url, so comparing the re-encoded text detects every change.
  if (bytes.toString('base64url') !== cursor) throw malformed();
  const signed = await keys.verify(bytes);
  if (signed === 'malformed') throw malformed();
  if (signed === 'tampered') throw invalid('TAMPERED', 'is changed');
  if (signed === 'unknownKey') return undefined;
  const [cursorVersion, principal, log, epoch, sequence, scope, complete] = signed.toString().split('|');
  if (cursorVersion !== version || principal === undefined || log === undefined || epoch === undefined)
    throw malformed();
  if (scope === undefined || !/^\d+$/.test(sequence ?? '')) throw malformed();
  return { principal, log, epoch, sequence: Number(sequence), scope, complete: complete === '1' };
};

/** The scope of a subscription to a list. `filter`: the name of its filter. */
export const scopeOfList = (filter: string | undefined): string =>
  filter === undefined ? '' : `?${createHash('sha256').update(filter).digest('base64url').slice(0, 8)}`;

const describe = (scope: string, log: string): string => {
  if (scope === '') return `the list ${log}`;
  return scope.startsWith('?') ? `the list ${log} with the filter ${scope.slice(1)}` : scope;
};

/** The subscription that a cursor must belong to. */
export interface Expected {
  readonly principal: string;
  /** The names of the logs that may feed the subscription. */
  readonly logs: readonly string[];
  readonly scope: string;
}

/**
 * Like `decodeCursor`.
 * @throws WatchError (INVALID_CURSOR) also for a cursor of another subscription, which it names.
 */
export const decodeCursorOf = async (
  keys: CursorKeys,
  cursor: string,
  expected: Expected,
): Promise<Position | undefined> => {
  const position = await decodeCursor(keys, cursor);
  if (position === undefined) return undefined;
  if (position.principal !== expected.principal) {
    throw new WatchError(
      `The cursor in \`after\` was made for principal ${position.principal}, this subscription runs as ${expected.principal}. ` +
        'Use the principal that it was made for, or subscribe without `after`.',
      { code: 'INVALID_CURSOR', reason: 'OTHER_PRINCIPAL', retryable: false },
    );
  }
  if (position.scope !== expected.scope || !expected.logs.includes(position.log)) {
    const origin = describe(position.scope, position.log);
    const requested = describe(expected.scope, expected.logs.join(' or '));
    throw new WatchError(
      `The cursor in \`after\` was made for ${origin}, this subscription is to ${requested}. Subscribe without \`after\`.`,
      { code: 'INVALID_CURSOR', reason: 'OTHER_SUBSCRIPTION', retryable: false },
    );
  }
  return position;
};

const keyBytes = 32;
const macBytes = 16;
const idBytes = 8;
/** The maximum number of keys: the current one, and older ones that are still accepted. */
const maxKeys = 4;
/** A cursor of an unknown key reloads the shared key, at most once in this time, in ms. */
const reloadMs = 1_000;

export interface CursorKeysOptions {
  readonly clock: MonotonicClock;
  /** `graph.cursorSecret`, from which the key is derived. */
  readonly secret?: string | undefined;
  /**
   * Without a secret: loads the key that is stored with the logs (see `JournalStore`). Default: a key for this process
   * only.
   */
  readonly load?: ((use: (key: Uint8Array) => void) => Promise<void>) | undefined;
}

/** The payload of a valid cursor, or the reason why it is invalid. */
export type Verified = Buffer | 'malformed' | 'tampered' | 'unknownKey';

export const newCursorKey = (): Buffer => randomBytes(keyBytes);

/**
 * Signs and verifies event cursors. A signed cursor is HMAC-SHA-256 (16 bytes), the key's id (8 bytes), payload. An id
 * includes a checksum, so that a changed id is not mistaken for that of an unknown key.
 */
export class CursorKeys {
  readonly #options: CursorKeysOptions;
  /** By id. The last one signs. */
  readonly #keys = new Map<string, Uint8Array>();
  #signing: { readonly id: Buffer; readonly key: Uint8Array } | undefined;
  #loading: Promise<void> | undefined;
  #reloadAfter = Number.NEGATIVE_INFINITY as MonotonicMs;

  constructor(options: CursorKeysOptions) {
    this.#options = options;
    const { secret, load } = options;
    if (secret !== undefined)
      this.#use(new Uint8Array(hkdfSync('sha256', secret, '', 'orgql event cursors', keyBytes)));
    else if (load === undefined) this.#use(newCursorKey());
  }

  /** Resolves when the signing key is loaded. Rejects when it cannot be loaded. */
  ready(): Promise<void> {
    return this.#signing === undefined ? this.#load() : Promise.resolve();
  }

  /** @throws Error before `ready`. */
  sign(payload: Buffer): Buffer {
    if (this.#signing === undefined) throw new Error('There is no key to sign cursors with. Await ready() first.');
    const { id, key } = this.#signing;
    return Buffer.concat([macOf(key, id, payload), id, payload]);
  }

  async verify(signed: Buffer): Promise<Verified> {
    if (signed.length <= macBytes + idBytes) return 'malformed';
    const id = signed.subarray(macBytes, macBytes + idBytes);
    if (!hasValidChecksum(id)) return 'malformed';
    const key = this.#keyOf(id) ?? (await this.#reloadKey(id));
    if (key === undefined) return 'unknownKey';
    const payload = signed.subarray(macBytes + idBytes);
    return timingSafeEqual(macOf(key, id, payload), signed.subarray(0, macBytes)) ? payload : 'tampered';
  }

  #keyOf(id: Buffer): Uint8Array | undefined {
    return this.#keys.get(id.toString('base64url'));
  }

  /** Another process may have created a new key after the shared one was lost. */
  async #reloadKey(id: Buffer): Promise<Uint8Array | undefined> {
    const { clock, load, secret } = this.#options;
    if (load === undefined || secret !== undefined || clock.monotonicMs() < this.#reloadAfter) return undefined;
    // If loading fails, a later cursor tries again.
    await this.#load().catch(() => undefined);
    return this.#keyOf(id);
  }

  #load(): Promise<void> {
    const { clock, load } = this.#options;
    this.#reloadAfter = later(clock.monotonicMs(), reloadMs);
    this.#loading ??= (load?.((key) => this.#use(key)) ?? Promise.resolve()).finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  #use(key: Uint8Array): void {
    const id = idOf(key);
    const name = id.toString('base64url');
    this.#keys.delete(name);
    this.#keys.set(name, key);
    this.#signing = { id, key };
    for (const oldest of this.#keys.keys()) {
      if (this.#keys.size <= maxKeys) break;
      this.#keys.delete(oldest);
    }
  }
}

const halfIdBytes = idBytes / 2;

const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest().subarray(0, halfIdBytes);

function idOf(key: Uint8Array): Buffer {
  const id = digest(key);
  return Buffer.concat([id, digest(id)]);
}

const hasValidChecksum = (id: Buffer): boolean => digest(id.subarray(0, halfIdBytes)).equals(id.subarray(halfIdBytes));

const macOf = (key: Uint8Array, id: Buffer, payload: Buffer): Buffer =>
  createHmac('sha256', key).update(id).update(payload).digest().subarray(0, macBytes);
