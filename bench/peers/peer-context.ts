import { createHash } from 'node:crypto';
import type { Config } from '../../src/config/index.ts';
import { createAuthenticate, type Principal } from '../../src/principal/index.ts';
import { createGatewayMonitor } from '../../src/schema/gateway-monitor.ts';
import type { GraphContext } from '../../src/schema/index.ts';
import type { MeteredUpstream, Upstream } from '../../src/upstream/index.ts';
import type { Watcher } from '../../src/watcher/types.ts';

export interface ContextParts {
  readonly config: Config;
  readonly principals: readonly Principal[];
  readonly upstream: Upstream & Pick<MeteredUpstream, 'usageOf'>;
  readonly watcher: Watcher;
}

/** Creates the context of the peers' resolvers as cheaply as possible: a session per request, as orgql has one. */
export async function createContextFactory(parts: ContextParts): Promise<() => GraphContext> {
  const { config, principals, upstream, watcher } = parts;
  const authenticate = await createAuthenticate({ type: 'none' });
  const caller = await authenticate(undefined);
  const [principal] = principals;
  if (principal === undefined) throw new Error('the configuration has no principal');
  const settings = {
    maxFirst: config.graph.maxFirst,
    cursorKey: createHash('sha256')
      .update(config.graph.cursorSecret ?? '')
      .digest(),
    inventoryMaxFirst: config.graph.maxFirst,
    copyOf: () => undefined,
    monitor: createGatewayMonitor({ upstream, watcher, copyOf: () => undefined }),
    rcpServices: new Set<string>(),
    ratePerSecond: upstream.ratePerSecond.bind(upstream),
  };
  // Only subscriptions renew their session, and this bench measures none.
  const renewSession = () => {};
  return () => ({
    caller,
    principal,
    principals,
    session: upstream.session(principal),
    renewSession,
    watcher,
    settings,
  });
}
