import { createClient as createSocket } from 'graphql-ws';
import { Client, fetchExchange, subscriptionExchange } from 'urql';

const socket = createSocket({
  url: `${location.origin.replace('http', 'ws')}/graphql`,
  retryAttempts: Number.POSITIVE_INFINITY,
  shouldRetry: () => true,
  retryWait: (retries) => new Promise((resolve) => setTimeout(resolve, Math.min(200 * 2 ** retries, 10_000))),
});

/**
 * A subscription that resumes after an interruption. graphql-ws sends the same variables object each time it connects:
 * with the last cursor in it, no event is lost or repeated.
 */
function resume({ query, variables, extensions }, sink) {
  const payload = { query, variables: { ...variables }, extensions };
  let stop = () => {};
  let timer;
  const subscribe = () => {
    stop = socket.subscribe(payload, {
      ...sink,
      next(result) {
        for (const event of Object.values(result.data ?? {})) if (event?.cursor) payload.variables.after = event.cursor;
        sink.next(result);
      },
      error(error) {
        const retryable = Array.isArray(error) && error.some(({ extensions }) => extensions?.retryable);
        if (retryable) timer = setTimeout(subscribe, 1_000);
        else sink.error(error);
      },
    });
  };
  subscribe();
  return () => {
    clearTimeout(timer);
    stop();
  };
}

export const client = new Client({
  url: '/graphql',
  exchanges: [
    fetchExchange,
    subscriptionExchange({
      forwardSubscription: (request) => ({ subscribe: (sink) => ({ unsubscribe: resume(request, sink) }) }),
    }),
  ],
});
