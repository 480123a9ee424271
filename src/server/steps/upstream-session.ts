import { createHash, randomBytes } from 'node:crypto';
import type { Config } from '../../config.ts';
import type { Upstream } from '../../upstream/index.ts';
import type { Watcher } from '../../watcher/types.ts';
import type { Operation } from '../operation.ts';
import type { Step } from './step.ts';

/**
 * Gives every operation its own session with the upstream, as its principal: what was read once is not read again, what it
 * costs is counted, and its calls end when the client goes away. `Cache-Control: no-cache` makes its reads go upstream.
 */
export function upstreamSession(upstream: Upstream, watcher: Watcher, graph: Config['graph']): Step {
  const cursorKey = graph.cursorSecret ? createHash('sha256').update(graph.cursorSecret).digest() : randomBytes(32);
  const settings = { maxFirst: graph.maxFirst, cursorKey, ratePerSecond: upstream.ratePerSecond.bind(upstream) };

  const open = ({ principal, carrier, caller, prepared, onWriteEnd }: Operation) =>
    upstream.session(principal, {
      // Asked for by who has to wait: what the cache answers is over before anybody could leave.
      get signal() {
        // A mutation that has begun runs to its end: a write cut off in the middle may or may not have happened.
        return prepared?.type === 'mutation' ? undefined : carrier.departed;
      },
      fresh: wantsFresh(carrier.header('cache-control')),
      callerName: caller.name,
      onWriteEnd,
    });

  return {
    admit(operation) {
      operation.watcher = watcher;
      operation.settings = settings;
      operation.openSession = open;
    },
  };
}

const wantsFresh = (cacheControl: string | undefined): boolean =>
  cacheControl !== undefined && /(^|,)\s*no-(cache|store)\s*(,|$)/i.test(cacheControl);
