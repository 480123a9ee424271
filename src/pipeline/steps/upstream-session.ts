import { createHash, randomBytes } from 'node:crypto';
import type { Config } from '../../config/index.ts';
import type { SessionOptions, Upstream } from '../../upstream/index.ts';
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

  const open = (operation: Operation) => upstream.session(operation.principal, new SessionRequest(operation));

  return {
    admit(operation) {
      operation.watcher = watcher;
      operation.settings = settings;
      operation.openSession = open;
    },
  };
}

/** What a session is to know of its operation. A class, since the getter of an object literal costs a hidden class of its own each time. */
class SessionRequest implements SessionOptions {
  readonly fresh: boolean;
  readonly callerName: string;
  readonly onWriteEnd: SessionOptions['onWriteEnd'];
  /** Finding out who calls may have waited for somebody's keys: the deadline is the operation's. */
  readonly spentMs: number;
  readonly #operation: Operation;

  constructor(operation: Operation) {
    const { carrier, caller, onWriteEnd } = operation;
    this.fresh = wantsFresh(carrier.header('cache-control'));
    this.callerName = caller.name;
    this.onWriteEnd = onWriteEnd;
    this.spentMs = operation.sessionSpentMs;
    this.#operation = operation;
  }

  /** Asked for by who has to wait: what the cache answers is over before anybody could leave. */
  get signal(): AbortSignal | undefined {
    const { prepared, carrier } = this.#operation;
    // A mutation that has begun runs to its end: a write cut off in the middle may or may not have happened.
    return prepared?.type === 'mutation' ? undefined : carrier.departed;
  }
}

const wantsFresh = (cacheControl: string | undefined): boolean =>
  cacheControl !== undefined && /(^|,)\s*no-(cache|store)\s*(,|$)/i.test(cacheControl);
