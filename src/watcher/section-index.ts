/**
 * The ids of objects by section. Most sections of some lists (the tags of one resource) have one object, so that a
 * section is a set only if it has more.
 */
export class SectionIndex<T> {
  readonly #sectionOf: (object: T) => string;
  #ids: Map<string, string | Set<string>> | undefined;
  #isLoaded = false;

  constructor(sectionOf: (object: T) => string) {
    this.#sectionOf = sectionOf;
  }

  /** Whether it holds all objects. */
  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  /**
   * Starts to add all objects. Changes in between must be passed to `update`, and two loads may go on at the same time.
   */
  startLoad(): { add(id: string, object: T): void; end(): void } {
    const ids = this.#ids ?? new Map<string, string | Set<string>>();
    this.#ids = ids;
    return {
      add: (id, object) => this.#add(ids, id, object),
      end: () => {
        if (this.#ids === ids) this.#isLoaded = true;
      },
    };
  }

  /** Moves an object; undefined if there was or is none. */
  update(id: string, before: T | undefined, after: T | undefined): void {
    const ids = this.#ids;
    if (ids === undefined) return;
    const isMoved = before !== undefined && (after === undefined || this.#sectionOf(before) !== this.#sectionOf(after));
    if (isMoved) this.#delete(ids, id, before);
    if (after !== undefined && (before === undefined || isMoved)) this.#add(ids, id, after);
  }

  /** A copy, which changes of the section do not affect. */
  idsOf(section: string): readonly string[] {
    const ids = this.#ids?.get(section);
    if (ids === undefined) return [];
    return typeof ids === 'string' ? [ids] : [...ids];
  }

  clear(): void {
    this.#ids = undefined;
    this.#isLoaded = false;
  }

  #add(all: Map<string, string | Set<string>>, id: string, object: T): void {
    const section = this.#sectionOf(object);
    const ids = all.get(section);
    // An id is often equal to its section, and is kept once.
    if (ids === undefined) all.set(section, id);
    else if (typeof ids !== 'string') ids.add(id);
    else if (ids !== id) all.set(section, new Set([ids, id]));
  }

  #delete(all: Map<string, string | Set<string>>, id: string, object: T): void {
    const section = this.#sectionOf(object);
    const ids = all.get(section);
    if (ids === undefined) return;
    if (typeof ids !== 'string') ids.delete(id);
    if (ids === id || (typeof ids !== 'string' && ids.size === 0)) all.delete(section);
  }
}
