import {
  type DefinitionNode,
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type VariableDefinitionNode,
} from 'graphql';
import type { Scope } from '../../config/auth.ts';
import { type CoerceVariables, compileVariables } from '../../executor/coerce-variables.ts';
import { type CompiledOperation, type CompileOptions, compileOperation } from '../../executor/compile-operation.ts';
import { beyondStart, influences } from '../../executor/influences.ts';
import { type Estimate, type EstimateSettings, estimate, OversizedOperation } from '../../schema/cost/estimate.ts';
import { type Missing, missingScopes } from '../../schema/scopes.ts';
import { rootScopes } from './root-scopes.ts';
import { usesDirective } from './uses-directive.ts';

/** Estimates of one operation that are kept, for the values of its variables that they depend on. */
const MOST_ESTIMATES = 16;
/** Fields that cost anything in all of them together: an estimate names each. */
const MOST_ESTIMATED_FIELDS = 64;
/** In characters. Values that are larger are not seen again, or are there to fill the memory. */
const LONGEST_KEY = 128;

/** Bytes, about, as measured: of a token in the document's tree, of a field that is compiled, and of an operation with the estimates that are kept. */
const BYTES_PER_TOKEN = 500;
const BYTES_PER_FIELD = 800;
const BYTES_PER_OPERATION = 16_384;

/** Combinations of what is skipped and included that are kept compiled: fewer for an operation with many fields. */
const maxVariants = (fields: number): number => Math.min(16, Math.max(1, Math.floor(1_000 / fields)));

const hasVariables = (node: DefinitionNode): boolean =>
  node.kind === Kind.OPERATION_DEFINITION && (node.variableDefinitions ?? []).length > 0;

/** A valid document, and what has been found out of its operations. */
export class PreparedDocument {
  readonly #schema: GraphQLSchema;
  readonly #document: DocumentNode;
  readonly #plain: boolean;
  readonly #settings: EstimateSettings;
  readonly #operations = new Map<OperationDefinitionNode, PreparedOperation>();
  /** How many it has, those of fragments counted wherever they are spread. */
  readonly fields: number;
  /** How much memory it takes, about. */
  readonly bytes: number;

  /** `plain`: it has no directive. */
  constructor(
    schema: GraphQLSchema,
    document: DocumentNode,
    plain: boolean,
    fields: number,
    settings: EstimateSettings,
  ) {
    this.fields = fields;
    this.bytes =
      BYTES_PER_TOKEN * (document.tokenCount ?? 0) +
      BYTES_PER_FIELD * fields * (plain ? 1 : maxVariants(fields)) +
      BYTES_PER_OPERATION * document.definitions.filter(hasVariables).length;
    this.#schema = schema;
    this.#document = document;
    this.#plain = plain;
    this.#settings = settings;
  }

  /** Whether one of its operations is a subscription. */
  get subscribes(): boolean {
    return this.#document.definitions.some(
      (each) => each.kind === Kind.OPERATION_DEFINITION && each.operation === OperationTypeNode.SUBSCRIPTION,
    );
  }

  /** The operation of that name, or the only one. */
  operation(name: string | null | undefined): PreparedOperation | undefined {
    const definition = getOperationAST(this.#document, name);
    if (!definition) return undefined;
    let prepared = this.#operations.get(definition);
    if (prepared === undefined) {
      prepared = new PreparedOperation(this.#schema, this.#document, definition, this.#settings, {
        plain: this.#plain,
        maxVariants: maxVariants(this.fields),
      });
      this.#operations.set(definition, prepared);
    }
    return prepared;
  }
}

/** An operation of a valid document: everything about it that is the same each time it runs is found out once. */
export class PreparedOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly type: 'query' | 'mutation' | 'subscription';
  readonly name: string | undefined;
  /** Whether it has `@defer` or `@stream`, which only the executor that knows them can run. */
  readonly incremental: boolean;
  /** Whether it has a list that is sent item by item. */
  readonly streams: boolean;
  readonly #definition: OperationDefinitionNode;
  readonly #compiling: CompileOptions;
  readonly #settings: EstimateSettings;
  readonly #scopes: ReadonlySet<Scope> | undefined;
  readonly #allowed = new WeakSet<ReadonlySet<Scope>>();
  readonly #influencing: (variables: Readonly<Record<string, unknown>>) => string;
  readonly #estimates = new Map<string, Estimate>();
  #estimatedFields = 0;
  #coerce: CoerceVariables | undefined;
  #compiled: CompiledOperation | undefined;
  #beyondStart: readonly string[] | undefined;

  constructor(
    schema: GraphQLSchema,
    document: DocumentNode,
    definition: OperationDefinitionNode,
    settings: EstimateSettings,
    compiling: CompileOptions,
  ) {
    this.schema = schema;
    this.document = document;
    this.type = definition.operation;
    this.name = definition.name?.value;
    this.incremental = !compiling.plain && usesDirective(document, 'defer', 'stream');
    this.streams = this.incremental && usesDirective(document, 'stream');
    this.#definition = definition;
    this.#settings = settings;
    this.#compiling = compiling;
    this.#scopes = rootScopes(schema, document, definition);
    this.#influencing = influences(document, this.#variableDefinitions);
  }

  /** Names of the variables that what a subscription tells of an event can depend on. */
  get beyondStart(): readonly string[] {
    this.#beyondStart ??= beyondStart(this.document, this.#definition);
    return this.#beyondStart;
  }

  get compiled(): CompiledOperation {
    this.#compiled ??= compileOperation(this.schema, this.document, this.#definition, this.#compiling);
    return this.#compiled;
  }

  /** The variables as the operation's own definitions have them, or what is wrong with them. */
  get coerce(): CoerceVariables {
    this.#coerce ??= compileVariables(this.schema, this.#variableDefinitions);
    return this.#coerce;
  }

  /**
   * What it costs at most, with variables that are right (as they were sent, not coerced).
   * @throws GraphQLError when it selects too much to be looked at.
   */
  estimate(variables: Readonly<Record<string, unknown>>): Estimate {
    const key = this.#influencing(variables);
    const known = this.#estimates.get(key);
    if (known !== undefined) return known;
    const made = this.#reckon(variables);
    if (key.length <= LONGEST_KEY) this.#keep(key, made);
    return made;
  }

  #reckon(variables: Readonly<Record<string, unknown>>): Estimate {
    try {
      return estimate(this.schema, this.#asked(variables), this.#settings);
    } catch (error) {
      if (!(error instanceof OversizedOperation)) throw error;
      throw new GraphQLError('The operation selects too much. Split it into several.', {
        extensions: { code: 'OPERATION_TOO_LARGE', http: { status: 400 } },
      });
    }
  }

  #keep(key: string, made: Estimate): void {
    if (this.#estimates.size >= MOST_ESTIMATES || this.#estimatedFields > MOST_ESTIMATED_FIELDS) {
      this.#estimates.clear();
      this.#estimatedFields = 0;
    }
    this.#estimates.set(key, made);
    this.#estimatedFields += made.fields.length;
  }

  /** What it selects that a caller with these scopes may not have. */
  missingScopes(scopes: ReadonlySet<Scope>, variables: Readonly<Record<string, unknown>>): readonly Missing[] {
    if (this.#allowed.has(scopes)) return [];
    // Who may have all that it could select, whatever the variables, is not asked again.
    if (this.#scopes !== undefined && scopes.has('read') && [...this.#scopes].every((scope) => scopes.has(scope))) {
      this.#allowed.add(scopes);
      return [];
    }
    return missingScopes(this.schema, this.#asked(variables), scopes, this.#settings);
  }

  #asked(variables: Readonly<Record<string, unknown>>) {
    return { document: this.document, operationName: this.name, variables };
  }

  get #variableDefinitions(): readonly VariableDefinitionNode[] {
    return this.#definition.variableDefinitions ?? [];
  }
}
