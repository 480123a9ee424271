import { describeJson, type JsonValue } from './json.ts';

/** The tree, the policies or the request of an evaluation is not valid. The message names the value and the fix. */
export class ControlPolicyInputError extends Error {
  override readonly name = 'ControlPolicyInputError';
  /** Where in the input, e.g. `request.action`. */
  readonly path: string;

  constructor(path: string, problem: string) {
    super(`${path}: ${problem}.`);
    this.path = path;
  }
}

export function throwUnexpected(path: string, expected: string, found: unknown): never {
  throw new ControlPolicyInputError(path, `expected ${expected}, found ${describeJson(found as JsonValue)}`);
}
