import { listOfResource } from './known-lists.ts';
import type { KnownLists } from './sweep-types.ts';

/** A power of two. Each list has a table of this size. */
const RECENT_STRINGS = 1_024;

/** Differs for most of the strings that one list repeats. */
const slotOf = (text: string): number => {
  let hash = text.length;
  for (let index = 0; index < text.length; index += 1) hash = (hash * 31 + text.charCodeAt(index)) | 0;
  return hash & (RECENT_STRINGS - 1);
};

/** Longer strings do not repeat, and would only take time. */
const MAX_LENGTH = 64;

/**
 * Keeps equal strings of a copy in memory once: the ids of known objects, and values that repeat, such as keys of tags.
 * It holds a fixed number of recent strings, because a table of all of them would take more memory than it saves.
 */
export class SharedStrings {
  readonly #lists: KnownLists;
  readonly #recent: (string | undefined)[] = Array.from({ length: RECENT_STRINGS });

  constructor(lists: KnownLists) {
    this.#lists = lists;
  }

  /** Replaces the strings in an object that nothing else uses. */
  shareIn(value: object): void {
    for (const [name, member] of Object.entries(value)) {
      if (typeof member === 'string') Reflect.set(value, name, this.#shared(member));
      else if (typeof member === 'object' && member !== null && !(member instanceof Date)) this.shareIn(member);
    }
  }

  #shared(text: string): string {
    if (text.length > MAX_LENGTH) return text;
    const list = listOfResource(text);
    const known = list && this.#lists.objects(list).get(text)?.object;
    if (known !== undefined && 'Id' in known && known.Id !== undefined) return known.Id;
    const slot = slotOf(text);
    const recent = this.#recent[slot];
    if (recent === text) return recent;
    this.#recent[slot] = text;
    return text;
  }
}
