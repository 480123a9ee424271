import type {
  FieldNode,
  FragmentDefinitionNode,
  GraphQLError,
  GraphQLField,
  GraphQLFieldResolver,
  GraphQLObjectType,
  GraphQLResolveInfo,
  GraphQLSchema,
  OperationDefinitionNode,
} from 'graphql';

/** One run of a compiled operation; graphql-js calls it an execution context. */
export interface Run {
  readonly rootValue: unknown;
  readonly context: unknown;
  /** Coerced. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** Errors of fields that became null for them, in the order in which they happened. */
  readonly errors: GraphQLError[];
  /** How many more there were (see `MAX_ERRORS`). */
  leftOut: number;
  /** Characters of the response so far. */
  length: number;
  readonly maxLength: number;
  /** Why the run has ended early. No further field starts then. */
  aborted: RunAborted | undefined;
  /** Undefined for a run that does not pause. */
  readonly turns: Turns | undefined;
}

/** Ends a run, whatever may be null. */
export class RunAborted extends Error {}

/** The run's client has disconnected. */
export class ClientGone extends RunAborted {}

export class ResponseTooLong extends RunAborted {}

export class TooManyFailures extends RunAborted {}

/** Counts characters of the response. @throws ResponseTooLong */
export function grow(run: Run, length: number): void {
  run.length += length;
  if (run.length > run.maxLength) throw abort(run, new ResponseTooLong());
}

export function abort(run: Run, reason: RunAborted): RunAborted {
  run.aborted ??= reason;
  return run.aborted;
}

/** A completed value as JSON text; null where the graph has null, which a field around it may not allow. */
export type Text = string | null;
export type Completed = Text | Promise<Text>;

/** Where a value stands in the response; the shape of graphql-js's own paths. */
export interface Path {
  readonly prev: Path | undefined;
  readonly key: string | number;
  readonly typename: string | undefined;
}

export function pathToArray(path: Path | undefined): (string | number)[] {
  const keys: (string | number)[] = [];
  for (let each = path; each !== undefined; each = each.prev) keys.push(each.key);
  return keys.reverse();
}

export function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

/** Makes the response's text of a value that a resolver gave. */
export type Complete = (run: Run, value: unknown, path: Path | undefined) => Completed;

/** One compiled field of a selection. */
export interface FieldPlan {
  /** Name in the response. */
  readonly key: string;
  /** The text before its value: its name, after a comma unless it is the first. */
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
  /** Throws a GraphQLError for invalid arguments. Undefined for a field without arguments. */
  readonly arguments: ((variables: Run['variables']) => Record<string, unknown>) | undefined;
  complete: Complete;
}

/** Data that all fields of one operation share. */
export interface OperationParts {
  readonly schema: GraphQLSchema;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly operation: OperationDefinitionNode;
}

/** graphql-js's `info`, whose members are computed when they are read. */
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

/** Time that a run takes before it lets others have a turn, in ms. */
const SLICE_MS = 10;
/** Items of lists between two reads of the clock. */
const ITEMS_PER_READ = 8;

/** Lets a run with long lists pause, so that it does not hold up all other work of the process. */
export class Turns {
  readonly #nextTurn: () => Promise<void>;
  #end = performance.now() + SLICE_MS;
  #items = 0;
  #pause: Promise<void> | undefined;
  readonly isUnwanted: () => boolean;

  /** `nextTurn` resolves when the run may go on. `isUnwanted`: whether its client has gone meanwhile. */
  constructor(nextTurn: () => Promise<void>, isUnwanted = () => false) {
    this.#nextTurn = nextTurn;
    this.isUnwanted = isUnwanted;
  }

  get isPaused(): boolean {
    return this.#pause !== undefined;
  }

  /** Called before each item of a list: whether the rest of the list has to wait for `resumed`. */
  mustPause(): boolean {
    if (this.#pause !== undefined) return true;
    this.#items += 1;
    if (this.#items < ITEMS_PER_READ) return false;
    this.#items = 0;
    if (performance.now() < this.#end) return false;
    this.#pause = this.#nextTurn().then(() => {
      this.#pause = undefined;
      this.#end = performance.now() + SLICE_MS;
    });
    return true;
  }

  /** Resolves when the run may go on. */
  async resumed(): Promise<void> {
    // Several lists may wait; one that goes on first can use up the time.
    while (this.#pause !== undefined) await this.#pause;
  }
}

/** Resolves when a paused run may go on. Rejects when its client has gone. */
export async function resumed(run: Run): Promise<void> {
  await run.turns?.resumed();
  if (run.turns?.isUnwanted()) throw abort(run, new ClientGone());
}
