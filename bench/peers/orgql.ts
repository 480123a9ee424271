import type { Config } from '../../src/config/index.ts';
import { createAuthenticate, type Principal } from '../../src/principal/index.ts';
import { schema, toGraphQLError } from '../../src/schema/index.ts';
import { type RunningServer, startServer } from '../../src/transport/index.ts';
import type { MeteredUpstream, Upstream } from '../../src/upstream/index.ts';
import type { Watcher } from '../../src/watcher/types.ts';
import type { Contender } from './contender.ts';
import { watch } from './watched.ts';

export interface OrgqlParts {
  readonly config: Config;
  readonly principals: readonly Principal[];
  readonly upstream: Upstream & Pick<MeteredUpstream, 'usageOf'>;
  readonly watcher: Watcher;
}

/** Starts orgql as in production, with all protections, and with its log to the null device. */
export async function startOrgql(
  { config, principals, upstream, watcher }: OrgqlParts,
  watchedBy?: Contender['watchedBy'],
): Promise<RunningServer> {
  const { log, observer } = watch(watchedBy);
  return startServer({
    config,
    schema,
    toGraphQLError,
    authenticate: await createAuthenticate(config.auth),
    principals,
    upstream,
    watcher,
    log,
    observer,
  });
}
