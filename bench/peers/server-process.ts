import { createServer } from 'node:http';
import { createPrincipals } from '../../src/principal/index.ts';
import { schema } from '../../src/schema/index.ts';
import { listen } from '../../src/transport/listen.ts';
import { createWatcher } from '../../src/watcher/index.ts';
import { type Contender, contenders, type StartPeer } from './contender.ts';
import { startOrgql } from './orgql.ts';
import { createContextFactory } from './peer-context.ts';
import { createConfig } from './settings.ts';
import { MemoryUpstream } from './world/memory-upstream.ts';
import { createWorld } from './world/world.ts';

/** The messages to a server's process. */
export type ServerMessage =
  /** Requests its CPU time. */
  | { readonly ask: 'cpu' }
  /** Sets the fixed reply's body. */
  | { readonly ask: 'reply'; readonly body: string };

let fixedBody = Buffer.alloc(0);

async function start({ name, kind, apiKeys, watchedBy }: Contender): Promise<number> {
  if (kind === 'fixed') return startFixed();
  const config = createConfig(apiKeys ?? false);
  const upstream = new MemoryUpstream(createWorld());
  const parts = {
    config,
    principals: createPrincipals(config),
    upstream,
    watcher: createWatcher(upstream, config.watch),
  };
  if (kind === 'orgql') return (await startOrgql(parts, watchedBy)).port;
  // The peers' files are not compiled, so that only they require the peers' packages.
  const file = new URL(`../../../bench/peers/servers/${name}.mjs`, import.meta.url);
  const peer: { start: StartPeer } = await import(file.href);
  return peer.start({ schema, createContext: await createContextFactory(parts) });
}

function startFixed(): Promise<number> {
  const http = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': fixedBody.length });
    response.end(fixedBody);
  });
  return listen(http, '127.0.0.1', 0);
}

const contender = contenders.find(({ name }) => name === process.argv[2]);
if (contender === undefined) throw new Error(`there is no server ${process.argv[2]}`);
// The parent process has ended.
process.on('disconnect', () => process.exit());
process.on('message', (message: ServerMessage) => {
  if (message.ask === 'reply') fixedBody = Buffer.from(message.body);
  process.send?.({ cpu: process.cpuUsage() });
});
process.send?.({ port: await start(contender) });
