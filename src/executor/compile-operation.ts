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
} from 'graphql';
// Not of the package's own index, and so of version 16 only: how a selection becomes fields is the specification's most intricate part.
import { collectFields, collectSubfields } from 'graphql/execution/collectFields.js';
import { getFieldDef } from 'graphql/execution/execute.js';
import { argumentsOf } from './argument-values.ts';
import { completeType } from './complete-value.ts';
import { executeFields, executeFieldsSerially } from './execute-fields.ts';
import type { Complete, FieldPlan, OperationParts } from './field-plan.ts';
import { stringText } from './json-text.ts';
import { errorsLeftOut, MAX_REPORTED_OF_ABORTED, tooManyFailures } from './most-errors.ts';
import { responseTooLarge } from './response-size.ts';
import { AnswerTooLong, isPromise, type Run, type Text, TooManyFailures } from './run.ts';
import { TextResult } from './text-result.ts';
import type { Turns } from './turns.ts';
import { Variants } from './variants.ts';

/** An operation that is compiled: run as often as it is asked for. */
export interface CompiledOperation {
  /** `variables` are coerced. Never throws and never rejects. */
  run(args: {
    rootValue: unknown;
    context: unknown;
    variables: Run['variables'];
    /** Characters that `data` may have. */
    maxLength?: number;
    /** Lets it pause; without, it runs as long as it takes. */
    turns?: Turns;
  }): TextResult | Promise<TextResult>;
}

/** Combinations of what is skipped and included that are kept for one operation. */
const MAX_VARIANTS = 16;

export interface CompileOptions {
  /** The document has no directive. */
  readonly plain?: boolean;
  /** Combinations of what is skipped and included that are kept. */
  readonly maxVariants?: number;
}

/**
 * Compiles a valid query, mutation or subscription (of which each event is one run): what graphql-js's `execute` finds out anew for each value (which
 * fields are selected, their types, their arguments as far as they hold no variables) is found out once, and the answer is JSON text at once instead of
 * objects that are made into text afterwards. Answers as graphql-js does, to the letter.
 */
export function compileOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  { plain = false, maxVariants = MAX_VARIANTS }: CompileOptions = {},
): CompiledOperation {
  const rootType = schema.getRootType(operation.operation);
  if (rootType == null) throw new TypeError(`The schema has no ${operation.operation}.`);
  const parts: OperationParts = { schema, operation, fragments: fragmentsOf(document) };
  const variants = new Variants(plain ? undefined : document, maxVariants, (variables) =>
    compileSelection(parts, rootType, variables),
  );

  const answered = (text: Text, { errors, leftOut }: Run): TextResult => {
    if (leftOut > 0) errors.push(errorsLeftOut(leftOut));
    return new TextResult(text, errors);
  };
  const failed = (run: Run, error: unknown): TextResult => {
    if (error instanceof AnswerTooLong) return new TextResult(null, [responseTooLarge(run.maxLength)]);
    if (error instanceof TooManyFailures)
      return new TextResult(null, [...run.errors.slice(0, MAX_REPORTED_OF_ABORTED), tooManyFailures()]);
    run.errors.push(error as GraphQLError);
    return answered(null, run);
  };

  return {
    run({ rootValue, context, variables, maxLength = Number.POSITIVE_INFINITY, turns }) {
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
        const fields = variants.of(variables);
        const text =
          operation.operation === 'mutation' && fields.length > 1
            ? executeFieldsSerially(parts, run, fields, rootValue)
            : executeFields(parts, run, fields, rootValue, undefined);
        if (!isPromise(text)) return answered(text, run);
        return text.then(
          (made) => answered(made, run),
          (error: unknown) => failed(run, error),
        );
      } catch (error) {
        return failed(run, error);
      }
    },
  };
}

function fragmentsOf({ definitions }: DocumentNode): Record<string, FragmentDefinitionNode> {
  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
  for (const each of definitions) if (each.kind === Kind.FRAGMENT_DEFINITION) fragments[each.name.value] = each;
  return fragments;
}

/** The fields of the whole operation, for these values of the variables that `@skip` and `@include` look at. */
function compileSelection(
  parts: OperationParts,
  rootType: GraphQLObjectType,
  variables: Run['variables'],
): readonly FieldPlan[] {
  const { schema, fragments, operation } = parts;
  const values = { ...variables };

  const plansOf = (type: GraphQLObjectType, selected: ReadonlyMap<string, readonly FieldNode[]>) => {
    const plans: FieldPlan[] = [];
    for (const [key, nodes] of selected) {
      const [node] = nodes;
      const definition = node && getFieldDef(schema, type, node);
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
      // One that takes them as a rest, or has defaults for them, may look at all.
      wantsInfo: resolve !== undefined && (resolve.length > 3 || resolve.length === 0),
      composite: isCompositeType(getNamedType(definition.type)) || !isLeafType(nullableType(definition)),
      arguments: argumentsOf(definition, nodes),
      complete: unfinished,
    };
    field.complete = completeType(definition.type, {
      parts,
      field,
      fieldsOf: (type, from) => plansOf(type, collectSubfields(schema, fragments, values, type, from)),
    });
    return field;
  };

  return plansOf(rootType, collectFields(schema, fragments, values, rootType, operation.selectionSet));
}

const unfinished: Complete = () => {
  throw new TypeError('The field is not compiled yet.');
};

const nullableType = ({ type }: GraphQLField<unknown, unknown>) => (isNonNullType(type) ? type.ofType : type);
