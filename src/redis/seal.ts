import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

const version = 1;
const algorithm = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;

const derive = (secret: string, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, 'orgql shared cache', purpose, 32));

/** Names that say nothing of what they name to whoever does not have the secret. */
export class Namer {
  readonly #key: Buffer;

  constructor(secret: string) {
    this.#key = derive(secret, 'names');
  }

  name(...parts: readonly string[]): string {
    return createHmac('sha256', this.#key).update(JSON.stringify(parts)).digest('base64url');
  }
}

/** Text of one owner, sealed with a key of its own: AES-256-GCM, whose associated data say what the text is. */
export class Seal {
  readonly #key: Buffer;
  readonly #owner: string;

  constructor(secret: string, owner: string) {
    this.#key = derive(secret, `seal ${owner}`);
    this.#owner = owner;
  }

  /** `label`: what it is; it can be opened under the same label only. */
  close(text: string, label: string): string {
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv(algorithm, this.#key, iv).setAAD(this.#associated(label));
    const sealed = [cipher.update(text, 'utf8'), cipher.final()];
    return Buffer.concat([Buffer.of(version), iv, cipher.getAuthTag(), ...sealed]).toString('base64');
  }

  /** The text; undefined when it was not closed with this secret, for this owner, under this label. */
  open(sealed: string, label: string): string | undefined {
    const bytes = Buffer.from(sealed, 'base64');
    if (bytes[0] !== version || bytes.length < 1 + ivBytes + tagBytes) return undefined;
    const iv = bytes.subarray(1, 1 + ivBytes);
    const tag = bytes.subarray(1 + ivBytes, 1 + ivBytes + tagBytes);
    const decipher = createDecipheriv(algorithm, this.#key, iv, { authTagLength: tagBytes })
      .setAAD(this.#associated(label))
      .setAuthTag(tag);
    try {
      return decipher.update(bytes.subarray(1 + ivBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8');
    } catch {
      return undefined;
    }
  }

  #associated(label: string): Buffer {
    return Buffer.from(JSON.stringify([version, this.#owner, label]));
  }
}
