import { createHash, randomBytes } from 'node:crypto';
import { getOperationAST } from 'graphql';
import type { Config } from '../../config.ts';
import type { Upstream } from '../../upstream/index.ts';
import type { Watcher } from '../../watcher/types.ts';
import type { ServerPlugin } from './plugin.ts';

/**
 * Gives every operation its own session with the upstream, as its principal: what was read once is not read again, what it
 * costs is counted, and its calls end when the client goes away. `Cache-Control: no-cache` makes its reads go upstream.
 */
export function useUpstreamSession(upstream: Upstream, watcher: Watcher, graph: Config['graph']): ServerPlugin {
  const cursorKey = graph.cursorSecret ? createHash('sha256').update(graph.cursorSecret).digest() : randomBytes(32);
  const settings = { maxFirst: graph.maxFirst, cursorKey, ratePerSecond: upstream.ratePerSecond.bind(upstream) };
  const departures = new WeakMap<object, AbortController>();

  /** From here on the client's departure ends the operation's upstream calls. */
  function followClient(context: object, request: Request): void {
    const departure = departures.get(context);
    if (!departure) return;
    if (request.signal.aborted) departure.abort();
    else request.signal.addEventListener('abort', () => departure.abort(), { once: true });
  }

  return {
    onParams({ request, context }) {
      const { principal } = context;
      if (!principal) return;
      const departure = new AbortController();
      const fresh = /(^|,)\s*no-(cache|store)\s*(,|$)/i.test(request.headers.get('cache-control') ?? '');
      const { onWriteEnd } = context;
      const open = () =>
        upstream.session(principal, { signal: departure.signal, fresh, callerName: context.caller?.name, onWriteEnd });
      departures.set(context, departure);
      context.watcher = watcher;
      context.settings = settings;
      context.session = open();
      context.renewSession = () => {
        context.session = open();
      };
    },
    onExecute({ args }) {
      // A mutation that has begun runs to its end: a write cut off in the middle may or may not have happened.
      const { document, operationName, contextValue } = args;
      if (getOperationAST(document, operationName)?.operation === 'mutation') return;
      followClient(contextValue, contextValue.request);
    },
    onSubscribe({ args: { contextValue } }) {
      followClient(contextValue, contextValue.request);
    },
  };
}
