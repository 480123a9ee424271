import { normalizedExecutor } from '@graphql-tools/executor';
import {
  type DocumentNode,
  type ExecutionResult,
  type FieldNode,
  GraphQLError,
  getArgumentValues,
  Kind,
  parse,
  visit,
} from 'graphql';
import { type PreparedOperation, placeAt } from '../../executor/index.ts';
import { badInput } from '../../schema/ids.ts';
import { incrementalDirectives } from '../../schema/incremental-directives.ts';
import { isStream, type Operation } from '../operation.ts';
import { type ExecutorOutcome, StreamedExecution } from './result-stream.ts';
import { limitErrors } from './results.ts';

type Variables = Readonly<Record<string, unknown>>;

/** Runs an operation with `@defer` or `@stream` on graphql-tools' executor. `variables`: coerced. */
export async function executeIncrementally(
  prepared: PreparedOperation,
  operation: Operation,
  variables: Variables,
): Promise<ExecutorOutcome> {
  checkArguments(prepared.document, variables);
  operation.streams = prepared.directives.has('stream');
  const { document, relocate } = withoutPlaces(prepared.document);
  const result = await normalizedExecutor({
    schema: prepared.schema,
    document,
    operationName: prepared.name,
    variableValues: { ...operation.variables },
    contextValue: operation,
  });
  if (!isStream(result)) return limitErrors(result as ExecutionResult, relocate);
  return new StreamedExecution(result[Symbol.asyncIterator](), {
    toResult: (part) => limitErrors(part as ExecutionResult, relocate),
  });
}

/**
 * graphql-tools accepts wrong arguments of `@defer` and `@stream`. Those with variables are known only now.
 * @throws GraphQLError BAD_USER_INPUT
 */
function checkArguments(document: DocumentNode, variables: Variables): void {
  visit(document, {
    Directive(node) {
      const directive = incrementalDirectives.find(({ name }) => name === node.name.value);
      if (directive === undefined) return;
      const { initialCount = 0, if: is } = getArgumentValues(directive, node, variables);
      if (is !== false && !(typeof initialCount === 'number' && initialCount >= 0))
        throw badInput('@stream(initialCount:)', `${initialCount} is no number of items; say 0 or more.`, node);
    },
  });
}

/** Sets an error's location in the document as it was sent. */
type Relocate = (error: GraphQLError) => GraphQLError;

/**
 * A document's copy without places, for an executor that computes lines and columns of every error, in time that grows
 * with the document, though only the first errors are sent; and the function that gives those their places.
 */
function withoutPlaces(document: DocumentNode): {
  readonly document: DocumentNode;
  readonly relocate: Relocate;
} {
  const text = document.loc?.source.body;
  if (text === undefined) return { document, relocate: (error) => error };
  const copy = parse(text, { noLocation: true });
  let originals: Map<FieldNode, FieldNode> | undefined;
  const places = new Map<FieldNode, GraphQLError>();

  const placeOf = (node: FieldNode): GraphQLError | undefined => {
    originals ??= originalsOf(copy, document);
    const original = originals.get(node);
    let place = places.get(node);
    if (place === undefined && original !== undefined) {
      place = new GraphQLError('', { nodes: original });
      places.set(node, place);
    }
    return place;
  };

  return {
    document: copy,
    relocate(error) {
      const found = (error.nodes ?? []).flatMap((node) => (node.kind === Kind.FIELD ? (placeOf(node) ?? []) : []));
      if (found.length > 0)
        placeAt(error, {
          nodes: found.flatMap(({ nodes }) => nodes ?? []),
          source: found[0]?.source,
          positions: found.flatMap(({ positions }) => positions ?? []),
          locations: found.flatMap(({ locations }) => locations ?? []),
        });
      return error;
    },
  };
}

/** Both are of the same text, and have the same fields in the same order. */
function originalsOf(copy: DocumentNode, document: DocumentNode): Map<FieldNode, FieldNode> {
  const originals = fieldsOf(document);
  return new Map(
    fieldsOf(copy).flatMap((node, index): [FieldNode, FieldNode][] => {
      const original = originals[index];
      return original === undefined ? [] : [[node, original]];
    }),
  );
}

function fieldsOf(document: DocumentNode): readonly FieldNode[] {
  const fields: FieldNode[] = [];
  visit(document, { Field: (node) => void fields.push(node) });
  return fields;
}
