import type { ExecutionResult, GraphQLError } from 'graphql';

/** The answer of a compiled operation: its data is JSON text, as it is sent; who wants to look into it gets it as objects. */
export class TextResult implements ExecutionResult {
  /** `data` as JSON. */
  readonly text: string;
  readonly errors?: readonly GraphQLError[];
  #data: Record<string, unknown> | null | undefined;

  constructor(text: string | null, errors: readonly GraphQLError[]) {
    this.text = text ?? 'null';
    if (errors.length > 0) this.errors = errors;
  }

  get data(): Record<string, unknown> | null {
    this.#data ??= JSON.parse(this.text) as Record<string, unknown> | null;
    return this.#data;
  }
}
