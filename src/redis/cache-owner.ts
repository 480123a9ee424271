import type { Config } from '../config/index.ts';
import type { Principal } from '../principal/principal.ts';
import { type Namer, Seal } from './seal.ts';

/** Whose identity cannot be told is asked again after this, in ms. */
const askAgainMs = 60_000;

/** What goes into an identity besides what the principal says: where its calls go, where the configuration leaves that to the environment. */
const variables = ['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_ORGANIZATIONS', 'AWS_PROFILE'] as const;

/** Whoever may read what a principal has read: the same credentials, by the same settings, at the same place. */
export interface OwnerId {
  /** Says nothing to whoever does not have the secret. */
  readonly name: string;
  readonly seal: Seal;
}

/** A principal as the owner of answers that are shared: only processes in which it is the very same share them. */
export class CacheOwner {
  readonly #principal: Principal;
  readonly #settings: Config['principals'][number] | undefined;
  readonly #namer: Namer;
  readonly #secret: string;
  #id: OwnerId | undefined;
  #asked: Promise<OwnerId | undefined> | undefined;
  #askAfter = 0;
  /** Writes that Redis has not been told of yet. */
  #untold = 0;
  /** Until when what is shared may be from before a write that Redis could not be told of; as `performance.now()`. */
  #doubtedUntil = 0;

  constructor(principal: Principal, settings: Config['principals'][number] | undefined, namer: Namer, secret: string) {
    this.#principal = principal;
    this.#settings = settings;
    this.#namer = namer;
    this.#secret = secret;
  }

  /** Undefined while it is not known; then it is asked for. */
  get id(): OwnerId | undefined {
    if (this.#id === undefined) void this.identify();
    return this.#id;
  }

  /** Undefined where AWS cannot be asked. Never rejects. */
  identify(): Promise<OwnerId | undefined> {
    if (this.#id !== undefined) return Promise.resolve(this.#id);
    if (performance.now() < this.#askAfter) return Promise.resolve(undefined);
    this.#asked ??= this.#ask().finally(() => {
      this.#asked = undefined;
    });
    return this.#asked;
  }

  /** Whether all that this process has written is told, so that nothing older is shared. */
  get settled(): boolean {
    return this.#untold === 0 && performance.now() >= this.#doubtedUntil;
  }

  /** Tells Redis of a write. `longestMs`: how long anything is shared that it could not be told of. Never rejects. */
  async tell(tell: () => Promise<unknown>, longestMs: number): Promise<void> {
    this.#untold += 1;
    try {
      await tell();
    } catch {
      this.#doubtedUntil = Math.max(this.#doubtedUntil, performance.now() + longestMs);
    } finally {
      this.#untold -= 1;
    }
  }

  async #ask(): Promise<OwnerId | undefined> {
    // A principal that is in no configuration shares nothing: nobody could say whether another's is the same.
    if (this.#settings === undefined) return undefined;
    const { name, region, endpoint } = this.#principal;
    try {
      const credentials = [await this.#principal.accountId(), await this.#principal.identity()];
      const environment = variables.map((variable) => process.env[variable]);
      const owner = JSON.stringify([name, region, endpoint, credentials, environment, this.#settings]);
      this.#id = { name: this.#namer.name('owner', owner), seal: new Seal(this.#secret, owner) };
      return this.#id;
    } catch {
      this.#askAfter = performance.now() + askAgainMs;
      return undefined;
    }
  }
}
