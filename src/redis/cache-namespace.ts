import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { Config } from '../config/index.ts';
import type { Principal } from '../principal/principal.ts';

/** An identity that could not be loaded is retried after this time, in ms. */
const RETRY_MS = 60_000;

/** Environment variables that determine the endpoint of calls if the configuration does not. */
const ENDPOINT_VARIABLES = ['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_ORGANIZATIONS', 'AWS_PROFILE'] as const;

export interface CacheIdentity {
  /** A keyed hash, which reveals nothing without the secret. */
  readonly name: string;
  readonly encryptor: Encryptor;
}

/**
 * Separates the shared replies of one principal: only processes with the same credentials, settings and environment
 * share them.
 */
export class CacheNamespace {
  readonly #principal: Principal;
  readonly #settings: Config['principals'][number] | undefined;
  readonly #hasher: KeyHasher;
  readonly #secret: string;
  #identity: CacheIdentity | undefined;
  #pending: Promise<CacheIdentity | undefined> | undefined;
  #retryAt = 0;
  /** The number of writes that Redis has not confirmed. */
  #pendingWrites = 0;
  /**
   * Until this time, as `performance.now()`, shared replies may be older than a write that did not reach Redis.
   */
  #untrustedUntil = 0;

  constructor(
    principal: Principal,
    settings: Config['principals'][number] | undefined,
    hasher: KeyHasher,
    secret: string,
  ) {
    this.#principal = principal;
    this.#settings = settings;
    this.#hasher = hasher;
    this.#secret = secret;
  }

  /** Undefined until it is loaded. The first read starts loading it. */
  get identity(): CacheIdentity | undefined {
    if (this.#identity === undefined) void this.identify();
    return this.#identity;
  }

  /** Loads the identity. Resolves with undefined on failure; never rejects. */
  identify(): Promise<CacheIdentity | undefined> {
    if (this.#identity !== undefined) return Promise.resolve(this.#identity);
    if (performance.now() < this.#retryAt) return Promise.resolve(undefined);
    this.#pending ??= this.#load().finally(() => {
      this.#pending = undefined;
    });
    return this.#pending;
  }

  /** Whether Redis has confirmed all writes of this process. Otherwise shared replies may be older than a write. */
  get isSettled(): boolean {
    return this.#pendingWrites === 0 && performance.now() >= this.#untrustedUntil;
  }

  /** Records a write in Redis. `maxTtlMs`: maximum time for which replies are shared. Never rejects. */
  async record(record: () => Promise<unknown>, maxTtlMs: number): Promise<void> {
    this.#pendingWrites += 1;
    try {
      await record();
    } catch {
      this.#untrustedUntil = Math.max(this.#untrustedUntil, performance.now() + maxTtlMs);
    } finally {
      this.#pendingWrites -= 1;
    }
  }

  async #load(): Promise<CacheIdentity | undefined> {
    // A principal that is not configured cannot be compared with one of another process.
    if (this.#settings === undefined) return undefined;
    const { name, region, endpoint } = this.#principal;
    try {
      const credentials = [await this.#principal.accountId(), await this.#principal.identity()];
      const environment = ENDPOINT_VARIABLES.map((variable) => process.env[variable]);
      const owner = JSON.stringify([name, region, endpoint, credentials, environment, this.#settings]);
      this.#identity = { name: this.#hasher.hash('owner', owner), encryptor: new Encryptor(this.#secret, owner) };
      return this.#identity;
    } catch {
      this.#retryAt = performance.now() + RETRY_MS;
      return undefined;
    }
  }
}

const VERSION = 1;
const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

const derive = (secret: string, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, 'orgql shared cache', purpose, 32));

/** Hashes names so that they reveal nothing without the secret. */
export class KeyHasher {
  readonly #key: Buffer;

  constructor(secret: string) {
    this.#key = derive(secret, 'names');
  }

  hash(...parts: readonly string[]): string {
    return createHmac('sha256', this.#key).update(JSON.stringify(parts)).digest('base64url');
  }
}

/** Encrypts text with AES-256-GCM and a key for each owner. The associated data bind a text to its label. */
export class Encryptor {
  readonly #key: Buffer;
  readonly #owner: string;

  constructor(secret: string, owner: string) {
    this.#key = derive(secret, `seal ${owner}`);
    this.#owner = owner;
  }

  /** The text can be decrypted with the same `label` only. */
  encrypt(text: string, label: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#key, iv).setAAD(this.#associatedData(label));
    const encrypted = [cipher.update(text, 'utf8'), cipher.final()];
    return Buffer.concat([Buffer.of(VERSION), iv, cipher.getAuthTag(), ...encrypted]).toString('base64');
  }

  /** Returns undefined when the text was not encrypted with this secret, owner and label. */
  decrypt(encrypted: string, label: string): string | undefined {
    const bytes = Buffer.from(encrypted, 'base64');
    if (bytes[0] !== VERSION || bytes.length < 1 + IV_BYTES + TAG_BYTES) return undefined;
    const iv = bytes.subarray(1, 1 + IV_BYTES);
    const tag = bytes.subarray(1 + IV_BYTES, 1 + IV_BYTES + TAG_BYTES);
    const decipher = createDecipheriv(ALGORITHM, this.#key, iv, { authTagLength: TAG_BYTES })
      .setAAD(this.#associatedData(label))
      .setAuthTag(tag);
    try {
      return decipher.update(bytes.subarray(1 + IV_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
    } catch {
      return undefined;
    }
  }

  #associatedData(label: string): Buffer {
    return Buffer.from(JSON.stringify([VERSION, this.#owner, label]));
  }
}
