import type { Path } from './paths.ts';

/** Settings that are valid by themselves but not together. */
export interface Contradiction {
  readonly path: Path;
  readonly message: string;
  /** Other settings of the contradiction. It is not reported while one of them is invalid by itself. */
  readonly about?: readonly Path[];
}
