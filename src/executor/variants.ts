import { type DocumentNode, Kind, visit } from 'graphql';
import type { FieldPlan } from './field-plan.ts';
import type { Run } from './run.ts';

/** What an operation selects, for each combination of the variables that `@skip` and `@include` look at. */
export class Variants {
  readonly #conditions: readonly string[];
  readonly #compile: (variables: Run['variables']) => readonly FieldPlan[];
  readonly #max: number;
  readonly #known = new Map<string, readonly FieldPlan[]>();
  #only: readonly FieldPlan[] | undefined;

  /** Without a document, there are no directives. */
  constructor(
    document: DocumentNode | undefined,
    max: number,
    compile: (variables: Run['variables']) => readonly FieldPlan[],
  ) {
    this.#max = max;
    this.#conditions = document === undefined ? [] : conditionsOf(document);
    this.#compile = compile;
  }

  of(variables: Run['variables']): readonly FieldPlan[] {
    if (this.#conditions.length === 0) {
      this.#only ??= this.#compile(variables);
      return this.#only;
    }
    // Null, which a variable with a default may be, is an error.
    const key = this.#conditions.map((name) => String(variables[name])).join();
    let fields = this.#known.get(key);
    if (fields === undefined) {
      if (this.#known.size >= this.#max) this.#known.clear();
      fields = this.#compile(variables);
      this.#known.set(key, fields);
    }
    return fields;
  }
}

/** Names of the variables in `@skip(if:)` and `@include(if:)`, wherever they stand in the document. */
function conditionsOf(document: DocumentNode): readonly string[] {
  const names = new Set<string>();
  visit(document, {
    Directive({ name, arguments: given = [] }) {
      if (name.value !== 'skip' && name.value !== 'include') return;
      for (const { value } of given) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
}
