/** A power of two. Each place takes four bytes. */
const PLACES = 16_384;

/** Remembers texts by a hash of 32 bits: 64 KiB in all, where a cache such as lru-cache would keep the texts. Two texts are taken for the same now and then. */
export class SeenTexts {
  readonly #hashes = new Uint32Array(PLACES);

  /** Whether the text has been here before; from now on it has. */
  before(text: string): boolean {
    const hash = hashOf(text);
    const place = hash & (PLACES - 1);
    const seen = this.#hashes[place] === hash;
    this.#hashes[place] = hash;
    return seen;
  }
}

/** FNV-1a over UTF-16, never 0, which is an empty place. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  // The lower bits choose the place, and have seen less than the higher ones.
  return (hash ^ (hash >>> 15)) >>> 0 || 1;
}
