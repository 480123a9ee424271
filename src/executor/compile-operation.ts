import {
  type DocumentNode,
  defaultFieldResolver,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isLeafType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  TypeNameMetaFieldDef,
  visit,
} from 'graphql';
import { argumentsOf } from './argument-values.ts';
import { collectFields, fieldOf } from './collect-fields.ts';
import { completeType } from './complete-value.ts';
import { clientGone, errorsLeftOut, MAX_REPORTED_OF_ABORTED, tooManyFailures } from './errors.ts';
import { executeFields, executeFieldsSerially } from './execute-fields.ts';
import { stringText, TextResult } from './json-text.ts';
import {
  ClientGone,
  type Complete,
  type FieldPlan,
  isPromise,
  type OperationParts,
  ResponseTooLong,
  type Run,
  type Text,
  TooManyFailures,
  type Turns,
} from './run.ts';

type Variables = Run['variables'];

export interface RunArgs {
  readonly rootValue: unknown;
  readonly context: unknown;
  /** Coerced. */
  readonly variables: Variables;
  /** Lets the run pause; without it, it runs as long as it takes. */
  readonly turns?: Turns;
}

/** Runs a compiled operation. Never throws and never rejects. */
export type RunOperation = (args: RunArgs) => TextResult | Promise<TextResult>;

export interface CompileOptions {
  /** Combinations of skipped and included fields that are kept compiled. */
  readonly maxVariants: number;
  /** Whether the document has `@skip` or `@include`. */
  readonly conditional: boolean;
  /** Characters that `data` may have. */
  readonly maxLength: number;
  /** The error that a longer response has instead of data. */
  readonly tooLong: (maxLength: number) => GraphQLError;
}

/**
 * Compiles a valid query, mutation or subscription (of which each event is one run): what graphql-js's `execute` finds
 * out anew for each value (which fields are selected, their types, their arguments as far as they hold no variables) is
 * found out once, and the result is JSON text at once instead of objects that are made into text afterwards. The result
 * is graphql-js's, to the letter.
 */
export function compileOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  { maxVariants, conditional, maxLength, tooLong }: CompileOptions,
): RunOperation {
  const rootType = schema.getRootType(operation.operation);
  if (rootType == null) throw new TypeError(`The schema has no ${operation.operation}.`);
  const parts: OperationParts = { schema, operation, fragments: fragmentsOf(document) };
  const fieldsFor = memoizeVariants(conditional ? conditionsOf(document) : [], maxVariants, (variables) =>
    compileSelection(parts, rootType, variables),
  );

  const resultOf = (text: Text, { errors, leftOut }: Run): TextResult => {
    if (leftOut > 0) errors.push(errorsLeftOut(leftOut));
    return new TextResult(text, errors);
  };
  const failure = (run: Run, error: unknown): TextResult => {
    if (error instanceof ResponseTooLong) return new TextResult(null, [tooLong(maxLength)]);
    if (error instanceof ClientGone) return new TextResult(null, [clientGone()]);
    if (error instanceof TooManyFailures)
      return new TextResult(null, [...run.errors.slice(0, MAX_REPORTED_OF_ABORTED), tooManyFailures()]);
    run.errors.push(error as GraphQLError);
    return resultOf(null, run);
  };

  return ({ rootValue, context, variables, turns }) => {
    const run: Run = {
      rootValue,
      context,
      variables,
      errors: [],
      leftOut: 0,
      length: 0,
      maxLength,
      aborted: undefined,
      turns,
    };
    try {
      const fields = fieldsFor(variables);
      const text =
        operation.operation === 'mutation' && fields.length > 1
          ? executeFieldsSerially(parts, run, fields, rootValue)
          : executeFields(parts, run, fields, rootValue, undefined);
      if (!isPromise(text)) return resultOf(text, run);
      return text.then(
        (made) => resultOf(made, run),
        (error: unknown) => failure(run, error),
      );
    } catch (error) {
      return failure(run, error);
    }
  };
}

function fragmentsOf({ definitions }: DocumentNode): Record<string, FragmentDefinitionNode> {
  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
  for (const each of definitions) if (each.kind === Kind.FRAGMENT_DEFINITION) fragments[each.name.value] = each;
  return fragments;
}

/** Names of the variables in `@skip(if:)` and `@include(if:)`, anywhere in the document. */
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

/** Compiles the fields of an operation once for each combination of the variables in its conditions. */
function memoizeVariants(
  conditions: readonly string[],
  max: number,
  compile: (variables: Variables) => readonly FieldPlan[],
): (variables: Variables) => readonly FieldPlan[] {
  const known = new Map<string, readonly FieldPlan[]>();
  return (variables) => {
    // Null, which a variable with a default may be, is an error.
    const key = conditions.length === 0 ? '' : conditions.map((name) => String(variables[name])).join();
    let fields = known.get(key);
    if (fields === undefined) {
      if (known.size >= max) known.clear();
      fields = compile(variables);
      known.set(key, fields);
    }
    return fields;
  };
}

/** The fields of the whole operation, for these values of the variables in its conditions. */
function compileSelection(
  parts: OperationParts,
  rootType: GraphQLObjectType,
  variables: Variables,
): readonly FieldPlan[] {
  const { schema, operation } = parts;
  const selecting = { ...parts, variables: { ...variables } };

  const plansOf = (type: GraphQLObjectType, selected: ReadonlyMap<string, readonly FieldNode[]>) => {
    const plans: FieldPlan[] = [];
    for (const [key, nodes] of selected) {
      const [node] = nodes;
      const definition = node && fieldOf(schema, type, node.name.value);
      if (definition) plans.push(planOf(type, key, definition, nodes, plans.length === 0));
    }
    return plans;
  };

  const planOf = (
    parent: GraphQLObjectType,
    key: string,
    definition: GraphQLField<unknown, unknown>,
    nodes: readonly FieldNode[],
    first: boolean,
  ): FieldPlan => {
    const resolve = definition.resolve === defaultFieldResolver ? undefined : definition.resolve;
    const prefix = `${first ? '' : ','}${stringText(key)}:`;
    const constant = definition === TypeNameMetaFieldDef ? stringText(parent.name) : undefined;
    const field: FieldPlan = {
      key,
      prefix,
      fixedLength: prefix.length + (constant?.length ?? 0),
      constant,
      parent,
      definition,
      nodes,
      nullable: !isNonNullType(definition.type),
      resolve,
      // A resolver with rest parameters or defaults may use all of them.
      wantsInfo: resolve !== undefined && (resolve.length > 3 || resolve.length === 0),
      composite: isCompositeType(getNamedType(definition.type)) || !isLeafType(nullableType(definition)),
      arguments: argumentsOf(definition, nodes),
      complete: unfinished,
    };
    field.complete = completeType(definition.type, {
      parts,
      field,
      fieldsOf: (type, from) =>
        plansOf(
          type,
          collectFields(
            selecting,
            type,
            from.flatMap(({ selectionSet }) => selectionSet ?? []),
          ),
        ),
    });
    return field;
  };

  return plansOf(rootType, collectFields(selecting, rootType, [operation.selectionSet]));
}

const unfinished: Complete = () => {
  throw new TypeError('The field is not compiled yet.');
};

const nullableType = ({ type }: GraphQLField<unknown, unknown>) => (isNonNullType(type) ? type.ofType : type);
