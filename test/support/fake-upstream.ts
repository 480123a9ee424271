import { EventEmitter } from 'node:events';
import type { Principal } from '../../src/principal/index.ts';
import { type SessionOptions, type Upstream, UpstreamError, type UpstreamSession } from '../../src/upstream/index.ts';

/**
 * An upstream that never answers, for tests of what the server does while it waits: every read counts one call, emits `read`
 * and waits for its session's end, which emits `abort`.
 */
export class StalledUpstream extends EventEmitter<{ read: []; abort: [] }> implements Upstream {
  readonly sessions: { principal: string; fresh: boolean }[] = [];

  session(principal: Principal, { signal, fresh = false }: SessionOptions = {}): UpstreamSession {
    this.sessions.push({ principal: principal.name, fresh });
    const cost = { calls: 0, cached: 0, coalesced: 0, waitedMs: 0, ageMs: 0 };
    const stall = () =>
      new Promise<never>((_resolve, reject) => {
        cost.calls += 1;
        signal?.addEventListener('abort', () => {
          reject(new UpstreamError('aborted', { code: 'ABORTED', operation: 'ListRoots', retryable: true }));
          this.emit('abort');
        });
        this.emit('read');
      });
    return {
      principal,
      cost,
      known: () => undefined,
      knownPage: () => undefined,
      read: stall,
      page: stall,
      write: stall,
      pages: () => neverYields(stall),
      accountId: stall,
    };
  }

  onWrite() {
    return () => {};
  }

  forget() {}

  ratePerSecond() {
    return Number.POSITIVE_INFINITY;
  }

  usageOf() {
    return { minutes: [], budget: [], accountId: undefined, failure: undefined };
  }

  async close() {}
}

// biome-ignore lint/correctness/useYield: it fails before there is anything to yield.
async function* neverYields(stall: () => Promise<never>): AsyncGenerator<never, void, undefined> {
  await stall();
}
