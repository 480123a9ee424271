import { type ExecutionResult, GraphQLError } from 'graphql';
import { processRegularResult } from 'graphql-yoga';
import { createUsesDirective } from '../uses-directive.ts';
import { toWireError } from '../wire-error.ts';
import { isStream, type ServerPlugin } from './plugin.ts';

/** What is sent after the first result, as Yoga's executor makes it. */
interface LaterResult extends ExecutionResult {
  readonly incremental?: readonly Piece[];
}

interface Piece {
  readonly errors?: readonly GraphQLError[];
}

/**
 * What `@defer` and `@stream` need beside Yoga's plugin for them: lists that come while they are read; errors of the later pieces
 * masked as those of a whole result are (Yoga looks at a result's own errors only); and a word to clients that take one piece only.
 */
export function useIncrementalDelivery(maskError: (error: unknown) => GraphQLError): ServerPlugin {
  const streams = createUsesDirective('stream');

  const masked = (piece: Piece): Piece =>
    piece.errors === undefined
      ? piece
      : { ...piece, errors: piece.errors.map((error) => toWireError(maskError(error))) };
  const onNext = ({ result, setResult }: { result: LaterResult; setResult: (result: LaterResult) => void }) => {
    if (result.incremental !== undefined) setResult({ ...result, incremental: result.incremental.map(masked) });
  };

  return {
    onExecute({ args: { document, contextValue } }) {
      if (streams(document)) contextValue.streams = true;
      return { onExecuteDone: ({ result }) => (isStream(result) ? { onNext } : undefined) };
    },
    onSubscribe({ args: { document, contextValue } }) {
      if (streams(document)) contextValue.streams = true;
      return { onSubscribeResult: ({ result }) => (isStream(result) ? { onNext } : undefined) };
    },
    onResultProcess({ result, resultProcessor, setResult, setResultProcessor }) {
      if (resultProcessor !== undefined || Array.isArray(result) || !isStream(result)) return;
      // Nobody will read it, so nothing more is to be read for it.
      result[Symbol.asyncIterator]().return?.();
      setResult({ errors: [notAcceptable()] });
      setResultProcessor(processRegularResult, 'application/json');
    },
  };
}

const notAcceptable = () =>
  new GraphQLError(
    'The result comes in pieces (a subscription, @defer or @stream). Accept text/event-stream or, for queries, multipart/mixed; or leave the directives out.',
    { extensions: { code: 'NOT_ACCEPTABLE', http: { status: 406 } } },
  );
