import { type ConfigInput, configSchema } from '../../src/config/index.ts';
import { createPrincipals, type Principal } from '../../src/principal/index.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/simulator/index.ts';
import {
  createUpstream,
  type MeteredUpstream,
  type SessionOptions,
  type UpstreamOptions,
  type UpstreamSession,
} from '../../src/upstream/index.ts';

export interface UpstreamWorldOptions extends UpstreamOptions {
  readonly simulator?: SimulatorOptions;
  /** Without a budget and a cache unless they are asked for. */
  readonly upstream?: NonNullable<ConfigInput['upstream']>;
  readonly principals?: NonNullable<ConfigInput['principals']>;
}

export interface UpstreamWorld extends AsyncDisposable {
  readonly simulator: Simulator;
  readonly upstream: MeteredUpstream;
  principal(name?: string): Principal;
  /** A session of `partner`, or of the named principal. */
  session(options?: SessionOptions & { readonly as?: string }): UpstreamSession;
}

/** 111111111111 and 444444444444, each with a principal, in front of a simulated AWS Organizations without an organization. */
export async function startUpstream(options: UpstreamWorldOptions = {}): Promise<UpstreamWorld> {
  const simulator = await startSimulator({ seed: 'empty', ...options.simulator });
  const config = configSchema.parse({
    principals: options.principals ?? [
      emulated('partner', '111111111111', simulator.url),
      emulated('customer', '444444444444', simulator.url),
    ],
    upstream: { budget: 'off', cacheMs: 0, ...options.upstream },
  } satisfies ConfigInput);
  const principals = createPrincipals(config);
  const upstream = createUpstream(config.upstream, options);
  const principal = (name = 'partner'): Principal => {
    const found = principals.find((candidate) => candidate.name === name);
    if (found === undefined) throw new Error(`no principal "${name}" in this test`);
    return found;
  };
  return {
    simulator,
    upstream,
    principal,
    session: ({ as, ...session } = {}) => upstream.session(principal(as), session),
    [Symbol.asyncDispose]: async () => {
      await upstream.close();
      await simulator.close();
    },
  };
}

export const emulated = (name: string, accessKeyId: string, url: string) => ({
  name,
  endpoint: url,
  stsEndpoint: url,
  credentials: { type: 'static' as const, accessKeyId, secretAccessKey: 'not looked at' },
});
