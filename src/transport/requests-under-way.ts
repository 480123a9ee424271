import type { Server } from 'node:http';

export interface RequestsUnderWay {
  /** Resolves when no request is being answered. */
  none(): Promise<void>;
}

/**
 * Counts what an HTTP server is answering; once it is leaving, no connection outlasts its last answer. It looks at each request before any other listener does, as some
 * answer at once.
 */
export function countRequests(http: Server, leaving: AbortSignal): RequestsUnderWay {
  let count = 0;
  let waiting: (() => void)[] = [];
  const over = () => {
    count -= 1;
    if (leaving.aborted) setImmediate(() => http.closeIdleConnections());
    if (count > 0) return;
    for (const resolve of waiting) resolve();
    waiting = [];
  };
  http.prependListener('request', (_request, response) => {
    count += 1;
    response.shouldKeepAlive &&= !leaving.aborted;
    // Once: who closes it may not be alone in that.
    response.once('close', over);
  });
  return {
    none: () => (count === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  };
}
