import { createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { later, type MonotonicClock, type MonotonicMs } from '../upstream/index.ts';
import { WatchError } from './errors.ts';

/** A place in an event log, as a cursor holds it. */
export interface Position {
  readonly principal: string;
  /** Name of the log: the list, or `describe:<id>`. */
  readonly log: string;
  /** Of the run that numbered the last event seen. */
  readonly epoch: string;
  readonly sequence: number;
  /** What the subscription was to: one object (its id), a list as a filter shows it (`?` and a digest), or all of a list (empty). */
  readonly scope: string;
  /** False in the midst of a snapshot: who stopped there has not seen everything that was present. */
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
 * The position in a cursor; undefined when it was signed with a key that is not known here (any more), so that nothing in it may be believed.
 * Throws a `WatchError` (INVALID_CURSOR) when it was changed.
 */
export const decodeCursor = async (keys: CursorKeys, cursor: string): Promise<Position | undefined> => {
  const bytes = Buffer.from(cursor, 'base64url');
  // Buffer skips what is not base64url; a cursor has one spelling, so that any changed character is noticed.
  if (bytes.toString('base64url') !== cursor) throw malformed();
  const signed = await keys.verify(bytes);
  if (signed === 'malformed') throw malformed();
  if (signed === 'tampered') throw invalid('TAMPERED', 'was changed');
  if (signed === 'unknownKey') return undefined;
  const [cursorVersion, principal, log, epoch, sequence, scope, complete] = signed.toString().split('|');
  if (cursorVersion !== version || principal === undefined || log === undefined || epoch === undefined)
    throw malformed();
  if (scope === undefined || !/^\d+$/.test(sequence ?? '')) throw malformed();
  return { principal, log, epoch, sequence: Number(sequence), scope, complete: complete === '1' };
};

/** The scope of a list's subscription; `filter` names what it asks for. */
export const scopeOfList = (filter: string | undefined): string =>
  filter === undefined ? '' : `?${createHash('sha256').update(filter).digest('base64url').slice(0, 8)}`;

const describe = (scope: string, log: string): string => {
  if (scope === '') return `the list ${log}`;
  return scope.startsWith('?') ? `the list ${log} with the filter ${scope.slice(1)}` : scope;
};

/** What a cursor must belong to. */
export interface Expected {
  readonly principal: string;
  /** Names of the logs that the subscription may be fed from. */
  readonly logs: readonly string[];
  readonly scope: string;
}

/** As `decodeCursor`; throws a `WatchError` (INVALID_CURSOR) that says where it comes from when it is another subscription's. */
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
/** Keys that are still accepted after others have taken their place. */
const maxKeys = 4;
/** A cursor of an unknown key makes a gateway ask for the shared key again, this often at most, in ms. */
const reloadMs = 1_000;

export interface CursorKeysOptions {
  readonly clock: MonotonicClock;
  /** `graph.cursorSecret`, from which the key is derived. */
  readonly secret?: string | undefined;
  /** Where there is no secret: loads the key that is kept with the logs (see `JournalStore`). Without it, the key ends with the process. */
  readonly load?: ((use: (key: Uint8Array) => void) => Promise<void>) | undefined;
}

/** A signature over a cursor, or why there is none that holds. */
export type Verified = Buffer | 'malformed' | 'tampered' | 'unknownKey';

export const newCursorKey = (): Buffer => randomBytes(keyBytes);

/**
 * Signs event cursors, and verifies them. A signed cursor is HMAC-SHA-256 (16 bytes), the key's id (8 bytes), payload. An id carries a checksum of its own, so that
 * one that was changed does not pass for that of a key of another time.
 */
export class CursorKeys {
  readonly #options: CursorKeysOptions;
  /** By id; the one that signs is the last. */
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

  /** Resolves when there is a key to sign with. Rejects when it cannot be loaded. */
  ready(): Promise<void> {
    return this.#signing === undefined ? this.#load() : Promise.resolve();
  }

  /** @throws Error before `ready`. */
  sign(payload: Buffer): Buffer {
    if (this.#signing === undefined) throw new Error('There is no key to sign cursors with yet.');
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

  /** Another process may have made a new key, where the shared one was lost. */
  async #reloadKey(id: Buffer): Promise<Uint8Array | undefined> {
    const { clock, load, secret } = this.#options;
    if (load === undefined || secret !== undefined || clock.monotonicMs() < this.#reloadAfter) return undefined;
    // What cannot be loaded now is loaded for a later cursor.
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
