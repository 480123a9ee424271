import { GraphQLError } from 'graphql';
import { getSSEProcessor, processRegularResult } from 'graphql-yoga';
import { isStream } from '../../pipeline/operation.ts';
import { readAccept } from '../http/accept.ts';
import type { ServerPlugin } from './plugin.ts';

/** Sends a subscription's events as server-sent events and nothing else, and has a word for clients that take one result only. */
export function useIncrementalDelivery(isSubscription: (request: Request) => boolean): ServerPlugin {
  const sendEvents = getSSEProcessor();
  return {
    onResultProcess({ request, result, resultProcessor, setResult, setResultProcessor }) {
      if (Array.isArray(result) || !isStream(result)) return;
      if (isSubscription(request)) {
        if (readAccept(request.headers.get('accept') ?? undefined).events)
          return setResultProcessor(sendEvents, 'text/event-stream');
      } else if (resultProcessor !== undefined) return;
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
