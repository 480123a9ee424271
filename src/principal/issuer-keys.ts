import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWK, type JWTVerifyGetKey } from 'jose';
import type { Config } from '../config/index.ts';

type JwksSettings = Pick<
  Extract<Config['auth'], { type: 'jwt' }>,
  'jwksUri' | 'jwksCacheMs' | 'jwksMaxStaleMs' | 'jwksCooldownMs' | 'jwksTimeoutMs'
>;

/** First backoff after a failed read, in ms; it doubles with each further failure. */
const FIRST_BACKOFF_MS = 1_000;
/** Maximum backoff, in ms. */
const MAX_BACKOFF_MS = 30_000;

export interface JwksObserver {
  keysRead(): void;
  keysNotRead(error: unknown): void;
}

/** No usable keys are known, and reading them failed. */
class KeysUnavailable extends Error {
  constructor(cause: unknown) {
    super('no usable keys of the issuer are known', { cause });
    this.name = 'KeysUnavailable';
  }
}

/**
 * The issuer's keys, read on demand and again after `jwksCacheMs`. While reads fail, known keys are used for
 * `jwksMaxStaleMs`, and reads are repeated in the background with a backoff. A token with an unknown key causes a read
 * at most every `jwksCooldownMs`. Times are of the monotonic clock.
 */
export class IssuerKeys {
  readonly #settings: JwksSettings;
  readonly #observer: JwksObserver | undefined;
  #known: { readonly find: JWTVerifyGetKey; readonly readAt: number } | undefined;
  #reading: Promise<void> | undefined;
  #attemptedAt = Number.NEGATIVE_INFINITY;
  /** Consecutive failed reads. */
  #failures = 0;
  #lastError: unknown;

  constructor(settings: JwksSettings, observer?: JwksObserver) {
    this.#settings = settings;
    this.#observer = observer;
  }

  /** The key that a token is signed with. Rejects with a `KeysUnavailable` or an error of jose. */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    await this.#refresh();
    const known = this.#usable();
    try {
      return await known.find(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await this.#readForUnknownKey();
      return this.#usable().find(header, token);
    }
  };

  #usable() {
    if (this.#known !== undefined && this.#ageMs < this.#settings.jwksCacheMs + this.#settings.jwksMaxStaleMs)
      return this.#known;
    throw new KeysUnavailable(this.#lastError);
  }

  get #ageMs(): number {
    return performance.now() - (this.#known?.readAt ?? Number.NEGATIVE_INFINITY);
  }

  /** Waits for a read only if no read has failed since the keys were good, or if there are no keys to go on with. */
  async #refresh(): Promise<void> {
    const { jwksCacheMs, jwksMaxStaleMs } = this.#settings;
    const age = this.#ageMs;
    if (age < jwksCacheMs) return;
    if (this.#reading === undefined && performance.now() < this.#attemptedAt + this.#backoffMs) return;
    const reading = this.#read();
    if (this.#failures === 0 || age >= jwksCacheMs + jwksMaxStaleMs) await reading;
  }

  /** Rejects with a `KeysUnavailable` while it cannot be known whether the issuer has such a key. */
  async #readForUnknownKey(): Promise<void> {
    const waitMs = Math.max(this.#settings.jwksCooldownMs, this.#backoffMs);
    if (this.#reading !== undefined || performance.now() >= this.#attemptedAt + waitMs) await this.#read();
    if (this.#failures > 0) throw new KeysUnavailable(this.#lastError);
  }

  get #backoffMs(): number {
    if (this.#failures === 0) return 0;
    return Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (this.#failures - 1));
  }

  /** Shares one read among concurrent callers. Never rejects; keeps the known keys if the new set is unusable. */
  #read(): Promise<void> {
    this.#reading ??= this.#readOnce().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #readOnce(): Promise<void> {
    this.#attemptedAt = performance.now();
    try {
      const set = await fetchJwks(this.#settings.jwksUri, this.#settings.jwksTimeoutMs);
      this.#known = { find: createLocalJWKSet(set), readAt: performance.now() };
      this.#failures = 0;
      this.#lastError = undefined;
      this.#observer?.keysRead();
    } catch (error) {
      this.#failures += 1;
      this.#lastError = error;
      // A read that waits for its time limit is not followed by the next at once.
      this.#attemptedAt = performance.now();
      this.#observer?.keysNotRead(error);
    }
  }
}

/** A set of a dozen keys has some 10 KB. */
const MAX_BYTES = 1_048_576;
const MAX_KEYS = 100;
/** RS256 requires the minimum (RFC 7518, section 3.3); larger keys take too much CPU time. */
const RSA_BITS = { least: 2_048, most: 8_192 };

/** The issuer's keys cannot be read or are unusable. `message` quotes nothing of the reply. */
class JwksError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'JwksError';
  }
}

/**
 * Reads a JSON Web Key Set (RFC 7517) within `timeoutMs`, its last byte included. Keys that cannot verify signatures
 * are left out; a set without any other is rejected, as is one that is malformed or too large. Redirects are not
 * followed: the setting names where the keys are. Rejects with a `JwksError`.
 */
async function fetchJwks(uri: string, timeoutMs: number): Promise<JSONWebKeySet> {
  const text = await fetchText(uri, AbortSignal.timeout(timeoutMs));
  return { keys: verificationKeys(parseJson(text)) };
}

async function fetchText(uri: string, signal: AbortSignal): Promise<string> {
  try {
    const response = await fetch(uri, { signal, redirect: 'manual', headers: { accept: 'application/json' } });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new JwksError(`the issuer responded with status ${response.status}; expected 200`);
    }
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    // Counted as they are decompressed. Leaving the loop cancels the rest.
    for await (const chunk of response.body ?? []) {
      bytes += chunk.byteLength;
      if (bytes > MAX_BYTES) throw new JwksError(`the issuer's answer has more than ${MAX_BYTES} bytes`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString();
  } catch (error) {
    if (error instanceof JwksError) throw error;
    if (signal.aborted) throw new JwksError('the issuer has not responded in time (auth.jwksTimeoutMs)', error);
    throw new JwksError(`the issuer cannot be reached: ${reasonOf(error)}`, error);
  }
}

/** `fetch` puts the reason into the error's cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new JwksError("the issuer's answer is not JSON", error);
  }
}

function verificationKeys(set: unknown): JWK[] {
  if (!isObject(set) || !Array.isArray(set['keys']))
    throw new JwksError('the issuer\'s answer is not a set of keys; expected { "keys": [...] }');
  const keys: readonly unknown[] = set['keys'];
  if (keys.length > MAX_KEYS) throw new JwksError(`the issuer's set has more than ${MAX_KEYS} keys`);
  if (!keys.every(isObject)) throw new JwksError("the issuer's set has an item that is not a key");
  const usable = keys.flatMap((key) => verificationKey(key) ?? []);
  if (usable.length === 0) throw new JwksError("the issuer's set has no key that verifies signatures");
  return usable;
}

/**
 * The public members of a key; undefined for one that cannot verify signatures. RFC 7517, section 5, recommends to
 * ignore keys of unknown types.
 */
function verificationKey(key: Readonly<Record<string, unknown>>): JWK | undefined {
  const { use = 'sig', key_ops: operations = ['verify'], kid, alg } = key;
  if (use !== 'sig' || !Array.isArray(operations) || !operations.includes('verify')) return undefined;
  const publicKey = publicKeyOf(key);
  if (publicKey === undefined || !isStrong(publicKey)) return undefined;
  return {
    ...publicKey.export({ format: 'jwk' }),
    ...(typeof kid === 'string' && { kid }),
    ...(typeof alg === 'string' && { alg }),
  };
}

function isStrong({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  if (asymmetricKeyType !== 'rsa') return asymmetricKeyType === 'ec' || asymmetricKeyType === 'ed25519';
  const bits = asymmetricKeyDetails?.modulusLength ?? 0;
  return bits >= RSA_BITS.least && bits <= RSA_BITS.most;
}

function publicKeyOf(key: JsonWebKey): KeyObject | undefined {
  try {
    return createPublicKey({ key, format: 'jwk' });
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
