/** Objects at one level of a tree, each in one place below its parent. */
export interface TreeLevel {
  /** The tree, and which of its objects these are. */
  readonly of: string;
  readonly level: number;
  /** How many there can be at this level. */
  readonly objects: number;
  /** How many there can be at all levels together. */
  readonly together: number;
}

interface Level {
  objects: number;
  /** Values that each of them adds to the answer. */
  each: number;
}

/**
 * Values of objects in a tree. Any one level can have all objects that there are, but what is at one level is at no
 * other: the largest answer has as many as possible where each adds the most.
 */
export class TreeValues {
  readonly #trees = new Map<string, { readonly together: number; readonly levels: Map<number, Level> }>();

  /** Adds `values` of all objects at a level: each has as many as the others. */
  add({ of, level, objects, together }: TreeLevel, values: number): void {
    if (objects === 0) return;
    const tree = this.#trees.get(of) ?? { together, levels: new Map<number, Level>() };
    this.#trees.set(of, tree);
    const known = tree.levels.get(level) ?? { objects: 0, each: 0 };
    tree.levels.set(level, known);
    known.objects = Math.max(known.objects, objects);
    known.each += values / objects;
  }

  get total(): number {
    let total = 0;
    for (const { together, levels } of this.#trees.values()) {
      let left = together;
      for (const { objects, each } of [...levels.values()].sort((a, b) => b.each - a.each)) {
        const most = Math.min(left, objects);
        total += most * each;
        left -= most;
      }
    }
    return Math.ceil(total);
  }
}
