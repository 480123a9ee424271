import { createLocalJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import type { Config } from '../config/index.ts';
import { fetchJwks } from './fetch-jwks.ts';

type JwksSettings = Pick<
  Extract<Config['auth'], { type: 'jwt' }>,
  'jwksUri' | 'jwksCacheMs' | 'jwksMaxStaleMs' | 'jwksCooldownMs' | 'jwksTimeoutMs'
>;

/** The first wait after a failed read, in ms; it doubles with each that fails after it … */
const FIRST_BACKOFF_MS = 1_000;
/** … up to this long. */
const MAX_BACKOFF_MS = 30_000;

/** Is notified of every read of the issuer's keys. */
export interface JwksObserver {
  keysRead(): void;
  keysNotRead(error: unknown): void;
}

/** No keys are known that could be used, and they cannot be read at the moment. */
export class KeysUnavailable extends Error {
  constructor(cause: unknown) {
    super('no usable keys of the issuer are known', { cause });
    this.name = 'KeysUnavailable';
  }
}

/**
 * The issuer's keys, read when a token needs them. They are read again when they are older than `jwksCacheMs`; while that fails, those that are known go on to be used for
 * `jwksMaxStaleMs`, and reads are repeated in the background, with a backoff. A token whose key is not among them causes a read at most every `jwksCooldownMs`, which
 * tokens with known keys do not wait for. Times are of the monotonic clock.
 */
export class IssuerKeys {
  readonly #settings: JwksSettings;
  readonly #observer: JwksObserver | undefined;
  #known: { readonly find: JWTVerifyGetKey; readonly readAt: number } | undefined;
  #reading: Promise<void> | undefined;
  #attemptedAt = Number.NEGATIVE_INFINITY;
  /** Reads that have failed since the last that did not. */
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

  /** One read for all that need one meanwhile. Never rejects; a set that is not usable replaces none that is. */
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
