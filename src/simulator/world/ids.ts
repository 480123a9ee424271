import { createHash } from 'node:crypto';

const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz';

/** Derives a pseudorandom text from a key. */
export function deriveId(key: string, length: number, characters = alphabet): string {
  const bytes = createHash('sha256').update(key).digest();
  let text = '';
  for (let index = 0; index < length; index++)
    text += characters[((bytes[index % 32] ?? 0) + (index >> 5) * 7) % characters.length];
  return text;
}

/** Generates ids in AWS's formats. The same seed and steps give the same ids. */
export class IdGenerator {
  readonly seed: string;
  /** Number of generated ids and positions. */
  counter: number;

  constructor(seed: string, counter = 0) {
    this.seed = seed;
    this.counter = counter;
  }

  /** Returns a list position greater than all before. */
  position(): number {
    this.counter += 1;
    return this.counter;
  }

  organization = (): string => `o-${this.#next('o', 10)}`;
  root = (): string => `r-${this.#next('r', 4)}`;
  organizationalUnit = (rootId: string): string => `ou-${rootId.slice(2)}-${this.#next('ou', 8)}`;
  policy = (): string => `p-${this.#next('p', 10)}`;
  resourcePolicy = (): string => `rp-${this.#next('rp', 8)}`;
  handshake = (): string => `h-${this.#next('h', 16)}`;
  transfer = (): string => `rt-${this.#next('rt', 8)}`;
  createAccountRequest = (): string => `car-${this.#next('car', 32)}`;
  account = (): string =>
    `${1 + (this.position() % 9)}${deriveId(`${this.seed}/account/${this.counter}`, 11, '0123456789')}`;
  accessKey = (): string => `ASIA${this.#next('key', 16).toUpperCase()}`;

  /** Returns predictable letters and digits. The simulator's credentials protect nothing. */
  secret = (length: number): string => this.#next('secret', length);

  #next(kind: string, length: number): string {
    return deriveId(`${this.seed}/${kind}/${this.position()}`, length);
  }
}
