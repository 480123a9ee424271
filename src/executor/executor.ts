import {
  createSourceEventStream,
  type DefinitionNode,
  type DocumentNode,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  visit,
} from 'graphql';
import { type CoerceVariables, compileVariables, type ReportVariables } from './coerce-variables.ts';
import { compileOperation, type RunArgs, type RunOperation } from './compile-operation.ts';
import type { TextResult } from './json-text.ts';

export interface ExecutorLimits {
  /** Characters that `data` of a response may have. */
  readonly maxLength?: number;
  /** Makes the error that a longer response has instead of data. */
  readonly tooLong?: (maxLength: number) => GraphQLError;
  /** Coerces variables that may be wrong. graphql-js, the default, quotes wrong values as a whole in its errors. */
  readonly reportVariables?: ReportVariables;
}

export interface Executor {
  /**
   * Prepares a document that the schema's validation has found valid. `fields`: how many it has, those of fragments
   * counted at each spread; a document with many is kept compiled for fewer combinations of skipped and included
   * fields.
   */
  prepare(document: DocumentNode, fields?: number): PreparedDocument;
}

export function createExecutor(schema: GraphQLSchema, limits: ExecutorLimits = {}): Executor {
  const {
    maxLength = Number.POSITIVE_INFINITY,
    tooLong = responseTooLong,
    reportVariables = coerceWithGraphqlJs,
  } = limits;
  return {
    prepare: (document, fields = 0) =>
      new PreparedDocument(schema, document, fields, { maxLength, tooLong, reportVariables }),
  };
}

const responseTooLong = (maxLength: number) =>
  new GraphQLError(`The response has more than ${maxLength} characters.`, {
    extensions: { code: 'RESPONSE_TOO_LARGE', maximum: maxLength },
  });

/** graphql-js reports no more errors than that when it executes an operation. */
export const MAX_VARIABLE_ERRORS = 50;

export const coerceWithGraphqlJs: ReportVariables = (schema, definitions, given) =>
  getVariableValues(schema, definitions, given, { maxErrors: MAX_VARIABLE_ERRORS });

/** Measured bytes, approximately. Those of an operation include data that its users keep with it. */
const BYTES_PER_TOKEN = 500;
const BYTES_PER_FIELD = 800;
const BYTES_PER_OPERATION = 16_384;

const isOperation = (node: DefinitionNode): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION;

/** Data that the operations of a document share. */
interface DocumentParts {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly directives: ReadonlySet<string>;
  readonly limits: Required<ExecutorLimits> & { readonly maxVariants: number };
}

/** A valid document, whose operations are compiled when they first run. */
export class PreparedDocument {
  readonly #parts: DocumentParts;
  readonly #operations = new Map<OperationDefinitionNode, PreparedOperation>();
  /** Whether one of its operations is a subscription. */
  readonly subscribes: boolean;
  /** How much memory it takes, about. */
  readonly bytes: number;

  constructor(schema: GraphQLSchema, document: DocumentNode, fields: number, limits: Required<ExecutorLimits>) {
    const operations = document.definitions.filter(isOperation);
    const directives = directivesOf(document);
    const maxVariants = directives.size === 0 ? 1 : Math.min(16, Math.max(1, Math.floor(1_000 / fields)));
    this.#parts = { schema, document, directives, limits: { ...limits, maxVariants } };
    this.subscribes = operations.some(({ operation }) => operation === OperationTypeNode.SUBSCRIPTION);
    this.bytes =
      BYTES_PER_TOKEN * (document.tokenCount ?? 0) +
      BYTES_PER_FIELD * fields * maxVariants +
      BYTES_PER_OPERATION * operations.filter(({ variableDefinitions = [] }) => variableDefinitions.length > 0).length;
  }

  /** The operation of that name, or the only one. */
  operation(name: string | null | undefined): PreparedOperation | undefined {
    const definition = getOperationAST(this.#parts.document, name);
    if (!definition) return undefined;
    let prepared = this.#operations.get(definition);
    if (prepared === undefined) {
      prepared = new PreparedOperation(this.#parts, definition);
      this.#operations.set(definition, prepared);
    }
    return prepared;
  }
}

/** Names of the directives in a document. */
export function directivesOf(document: DocumentNode): ReadonlySet<string> {
  const names = new Set<string>();
  // Most documents have no directives, and searching the text is faster than visiting the tree.
  if (document.loc?.source.body.includes('@') !== false)
    visit(document, {
      Directive({ name }) {
        names.add(name.value);
      },
    });
  return names;
}

/** An operation of a valid document. */
export class PreparedOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly definition: OperationDefinitionNode;
  readonly type: 'query' | 'mutation' | 'subscription';
  readonly name: string | undefined;
  /** Names of the directives that its document uses. */
  readonly directives: ReadonlySet<string>;
  readonly #limits: DocumentParts['limits'];
  #coerce: CoerceVariables | undefined;
  #run: RunOperation | undefined;

  constructor({ schema, document, directives, limits }: DocumentParts, definition: OperationDefinitionNode) {
    this.schema = schema;
    this.document = document;
    this.definition = definition;
    this.type = definition.operation;
    this.name = definition.name?.value;
    this.directives = directives;
    this.#limits = limits;
  }

  /** Coerces the variables by the operation's definitions, or returns their errors. */
  coerceVariables(given: Readonly<Record<string, unknown>>): ReturnType<CoerceVariables> {
    const { definition, schema } = this;
    this.#coerce ??= compileVariables(schema, definition.variableDefinitions ?? [], this.#limits.reportVariables);
    return this.#coerce(given);
  }

  /** Runs it; a subscription for one event, which is the root value. Never throws and never rejects. */
  run(args: RunArgs): TextResult | Promise<TextResult> {
    this.#run ??= compileOperation(this.schema, this.document, this.definition, {
      ...this.#limits,
      conditional: this.directives.has('skip') || this.directives.has('include'),
    });
    return this.#run(args);
  }

  /** Opens the source of a subscription's events. `variables`: not coerced. */
  async subscribe(
    context: unknown,
    variables: Readonly<Record<string, unknown>>,
  ): Promise<AsyncIterable<unknown> | ExecutionResult> {
    return createSourceEventStream({
      schema: this.schema,
      document: this.document,
      operationName: this.name ?? null,
      contextValue: context,
      variableValues: { ...variables },
    });
  }
}
