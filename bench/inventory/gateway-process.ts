// The gateway with its copy of the organization, and a server with the same pipeline and executor over plain arrays.
import { createInventory, type Inventory } from '../../src/inventory/index.ts';
import { createLog } from '../../src/pipeline/log.ts';
import { createAuthenticate, createPrincipals, type Principal } from '../../src/principal/index.ts';
import { toGraphQLError } from '../../src/schema/errors.ts';
import { schema } from '../../src/schema/index.ts';
import { startServer } from '../../src/transport/index.ts';
import { createUpstream, type Upstream } from '../../src/upstream/index.ts';
import { createWatcher, openStore } from '../../src/watcher/index.ts';
import { alive } from '../footprint/alive.ts';
import { answer } from '../watch/process.ts';
import { createComparisons } from './comparisons.ts';
import { ObservedKeeper } from './keeper.ts';
import { cpuMs, LoopDelay } from './loop-delay.ts';
import { createPlainSchema } from './plain-schema.ts';
import type { BenchQuery } from './queries.ts';
import { ServerTimes } from './server-times.ts';
import { createConfig, type GatewayOptions } from './settings.ts';

let gateway: Awaited<ReturnType<typeof startGateway>>;
const delay = new LoopDelay();
const times = new ServerTimes();
let comparisons: ReturnType<typeof createComparisons> | undefined;

async function startGateway(options: GatewayOptions) {
  const startedAt = performance.now();
  const startedCpu = cpuMs();
  const config = createConfig(options);
  const principals = createPrincipals(config);
  const onError = (error: unknown) => console.error(error);
  const journals =
    config.watch.store === undefined
      ? undefined
      : await openStore(config.watch.store, { keepEvents: config.watch.keepEvents, onError });
  const upstream = createUpstream(config.upstream);
  const log = createLog(config.log);
  const watcher = createWatcher(upstream, config.watch, { journals, log });
  const keeper = new ObservedKeeper(watcher);
  if (options.isWarm) await loadClient(upstream, principals);
  let inventory: Inventory | undefined;
  const dependencies = {
    ...{ config, log, principals, toGraphQLError, upstream, watcher },
    authenticate: await createAuthenticate(config.auth),
  };
  const server = await startServer({ ...dependencies, schema, copyOf: (principal) => inventory?.of(principal) });
  return {
    ...{ startedAt, startedCpu, keeper, server, watcher },
    emptyBytes: 0,
    async keep() {
      // What the queries have loaded and compiled is no memory of the copy.
      if (options.isWarm) this.emptyBytes = await alive();
      inventory = createInventory(keeper, config.inventory, principals);
    },
    startPlain: () => startServer({ ...dependencies, schema: createPlainSchema(keeper.kept) }),
    async close() {
      await server.close();
      inventory?.close();
      await watcher.close();
      await upstream.close();
    },
  };
}

/** Loads the SDK and compiles what a call executes, which is no memory of the copy. */
async function loadClient(upstream: Upstream, [principal]: readonly Principal[]): Promise<void> {
  if (principal === undefined) return;
  for (let call = 0; call < 50; call += 1)
    await upstream.session(principal, { fresh: true }).page('ListAccounts', { MaxResults: 20 });
}

answer({
  async start(argument) {
    gateway = await startGateway(argument as GatewayOptions);
    return gateway.server.url;
  },
  keep: () => gateway.keep(),
  /** Returns the URL of the server over plain arrays. */
  startPlain: async () => (await gateway.startPlain()).url,
  compare(argument) {
    const { query, body, rounds } = argument as { query: BenchQuery; body: string; rounds: number };
    comparisons ??= createComparisons(gateway.keeper.kept);
    return comparisons.compare(query, body, rounds);
  },
  swept: () => gateway.keeper.untilSwept(),
  refresh: () => gateway.keeper.refresh(),
  /** The memory of the copy, in bytes. */
  copyBytes: async () => (await alive()) - gateway.emptyBytes,
  startDelay: () => delay.start(),
  stopDelay: () => delay.stop(),
  serverMs: () => times.take(),
  faults: () => gateway.watcher.faults,
  /**
   * The time, and the CPU time, from the start of the gateway, modules loaded, until the copy's first answer, in ms.
   * The other lists are still being loaded then.
   */
  async firstAnswer(argument) {
    const { body } = argument as { body: string };
    await gateway.keeper.untilComplete(['organization', 'accounts']);
    for (;;) {
      const response = await fetch(gateway.server.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      const text = await response.text();
      if (!text.includes('"errors"')) break;
      // The accounts are indexed in slices of time after they are loaded.
      if (!text.includes('NOT_IN_INVENTORY')) throw new Error(text);
    }
    return { ms: performance.now() - gateway.startedAt, cpu: cpuMs() - gateway.startedCpu };
  },
  close: () => gateway.close(),
});
