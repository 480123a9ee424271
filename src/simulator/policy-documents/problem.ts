/** One thing that is wrong with a policy document. */
export interface Problem {
  /** Where: `Statement[0].Action`, `tags/costcenter/tag_key`, `line 3, column 7`; empty for the whole document. */
  readonly path: string;
  /** What belongs there, and what was found, as one sentence without a full stop. */
  readonly expected: string;
}

export function describeProblem({ path, expected }: Problem): string {
  return path === '' ? expected : `${path}: ${expected}`;
}
