import type {
  FieldNode,
  FragmentDefinitionNode,
  GraphQLField,
  GraphQLFieldResolver,
  GraphQLObjectType,
  GraphQLResolveInfo,
  GraphQLSchema,
  OperationDefinitionNode,
} from 'graphql';
import type { Completed, Path, Run } from './run.ts';

/** Makes the response's text of a value that a resolver gave. */
export type Complete = (run: Run, value: unknown, path: Path | undefined) => Completed;

/** One field of a selection, as it is run again and again. */
export interface FieldPlan {
  /** Name in the response. */
  readonly key: string;
  /** What stands before its value: its name, and a comma unless it is the first. */
  readonly prefix: string;
  /** Characters that it has whatever its value. */
  readonly fixedLength: number;
  /** The whole text where it is always the same (`__typename`). */
  readonly constant: string | undefined;
  readonly parent: GraphQLObjectType;
  readonly definition: GraphQLField<unknown, unknown>;
  readonly nodes: readonly FieldNode[];
  readonly nullable: boolean;
  /** Undefined where the value is the property of the field's name, as graphql-js's own resolver has it. */
  readonly resolve: GraphQLFieldResolver<unknown, unknown> | undefined;
  /** Whether the resolver may look at its `info`, by how many parameters it has. */
  readonly wantsInfo: boolean;
  /** Whether errors below it can have a longer path than its own. */
  readonly composite: boolean;
  /** Throws a GraphQLError for arguments that are wrong. Undefined for a field that has none. */
  readonly arguments: ((variables: Run['variables']) => Record<string, unknown>) | undefined;
  complete: Complete;
}

/** What all fields of one operation share. */
export interface OperationParts {
  readonly schema: GraphQLSchema;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly operation: OperationDefinitionNode;
}

/** graphql-js's `info`, put together only as far as somebody looks. */
export class ResolveInfo implements GraphQLResolveInfo {
  readonly #parts: OperationParts;
  readonly #run: Run;
  readonly #field: FieldPlan;
  readonly #parentPath: Path | undefined;

  constructor(parts: OperationParts, run: Run, field: FieldPlan, parentPath: Path | undefined) {
    this.#parts = parts;
    this.#run = run;
    this.#field = field;
    this.#parentPath = parentPath;
  }

  get fieldName() {
    return this.#field.definition.name;
  }
  get fieldNodes() {
    return this.#field.nodes;
  }
  get returnType() {
    return this.#field.definition.type;
  }
  get parentType() {
    return this.#field.parent;
  }
  get path() {
    return { prev: this.#parentPath, key: this.#field.key, typename: this.#field.parent.name };
  }
  get schema() {
    return this.#parts.schema;
  }
  get fragments() {
    return this.#parts.fragments;
  }
  get rootValue() {
    return this.#run.rootValue;
  }
  get operation() {
    return this.#parts.operation;
  }
  get variableValues() {
    return { ...this.#run.variables };
  }
}
