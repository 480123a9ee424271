import { normalizedExecutor } from '@graphql-tools/executor';
import type { ExecutionResult } from 'graphql';
import type { PreparedOperation } from '../pipeline/documents/prepared-document.ts';
import { isStream, type Operation } from '../pipeline/operation.ts';
import { argsOf } from './args-of.ts';
import { checkIncrementalArguments } from './incremental-arguments.ts';
import { type Relocate, withoutPlaces } from './located-pieces.ts';
import { withMostErrors } from './most-errors.ts';
import { type Executed, Parts } from './parts.ts';
import type { Answers } from './shared-events.ts';

/** Pieces are results already. */
const asTheyAre = (relocate: Relocate): Answers => ({
  of: (piece) => withMostErrors(piece as ExecutionResult, relocate),
});

/** `@defer` and `@stream` are for the executor of graphql-tools: graphql-js 16 does not know them. `variables` are coerced. */
export async function executeInPieces(
  prepared: PreparedOperation,
  operation: Operation,
  variables: Readonly<Record<string, unknown>>,
): Promise<Executed> {
  checkIncrementalArguments(prepared.document, variables);
  operation.streams = prepared.streams;
  const { document, relocate } = withoutPlaces(prepared.document);
  const answer = await normalizedExecutor({ ...argsOf(prepared, operation), document });
  if (!isStream(answer)) return withMostErrors(answer as ExecutionResult, relocate);
  return new Parts(answer[Symbol.asyncIterator](), asTheyAre(relocate));
}
