import type { ExecutionResult } from 'graphql';
import { mapAsyncIterator } from 'graphql-yoga';
import { isTextResult, resultText } from '../../pipeline/execution/result-text.ts';
import { type Answer, DOCUMENT_ID, isStream, Operation, type Params } from '../../pipeline/operation.ts';
import type { Pipeline } from '../../pipeline/pipeline.ts';
import type { OperationObserver } from '../../pipeline/steps/observer.ts';
import { withoutCost } from '../../pipeline/steps/upstream-cost.ts';
import type { Answered, ServerContext, ServerPlugin } from './plugin.ts';

/** Lets the operations of requests that Yoga reads and answers run through the pipeline: Yoga itself executes nothing. */
export function usePipeline(
  pipeline: Pipeline,
  idOf: (request: Request) => string,
  subscriptions: WeakSet<Request>,
  observer: OperationObserver | undefined,
): ServerPlugin {
  const operations = new WeakSet<Request>();
  const run = async (request: Request, params: Params, { carrier }: ServerContext): Promise<Answered> => {
    if (carrier === undefined) throw new TypeError('The front door takes this for no operation.');
    const operation = new Operation(carrier, paramsOf(params, request));
    operation.requestId = idOf(request);
    const answer = await pipeline.run(operation);
    if (isStream(answer)) endWith(carrier.departed, answer);
    return { answer, operation };
  };
  return {
    async onParams({ params, request, context, setParams, setResult }) {
      operations.add(request);
      const { answer, operation } = context.answered ?? (await run(request, params, context));
      if (operation.prepared?.type === 'subscription') subscriptions.add(request);
      setResult(forYoga(answer));
      // The pipeline has looked at the parameters. Yoga would look again, and run what is in them.
      setParams({ query: '{ __typename }' });
    },
    onResultProcess({ request, result, setResult }) {
      if (operations.has(request) || Array.isArray(result) || isStream(result)) return;
      const refusal = withoutCost(result);
      observer?.refused('http', refusal);
      setResult(refusal);
    },
  };
}

/** Yoga ends what it has begun to send. A client that leaves before that leaves a stream that nobody reads. */
function endWith(departed: AbortSignal, stream: AsyncIterator<unknown>): void {
  const end = () => void stream.return?.().catch(() => {});
  if (departed.aborted) end();
  else departed.addEventListener('abort', end, { once: true });
}

/** Yoga reads of a URL what GraphQL over HTTP has; a document's id is of its appendix. */
function paramsOf(params: Params, { method, url }: Request): Params {
  const inUrl = method === 'GET' ? new URL(url).searchParams.get(DOCUMENT_ID) : null;
  return inUrl === null ? params : { ...params, [DOCUMENT_ID]: inUrl };
}

/** What Yoga takes for a result and makes text of with its `stringify`. */
function forYoga(answer: Answer) {
  if (isStream(answer)) return mapAsyncIterator(answer, (result) => withText(result));
  return withText(answer);
}

function withText(result: ExecutionResult): ExecutionResult {
  if (!isTextResult(result)) return result;
  const { errors, extensions } = result;
  return {
    ...(errors && { errors }),
    data: null,
    ...(extensions && { extensions }),
    stringify: () => resultText(result),
  } as ExecutionResult;
}
