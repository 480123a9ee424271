import type { Scope } from '../../config/auth.ts';
import { ConfigError } from '../../config/config-error.ts';
import type { Setting } from '../../config/environment.ts';
import type { Config } from '../../config/index.ts';
import { loadConfig } from '../../config/load.ts';
import { connectRunning, type GatewayConnection, type GatewayOptions } from '../operations/gateway.ts';

export interface McpGatewayOptions extends GatewayOptions {
  readonly demo?: boolean;
}

/** What the tools of a session read: the settings, and the gateway, which is started by `connect`. */
export interface McpGateway {
  readonly settings: Config['mcp'];
  connect(scopes: readonly Scope[]): Promise<GatewayConnection>;
}

/** The caller's name in the audit log of a gateway in this process. */
const CALLER = 'mcp';

/**
 * Loads the settings, and finds the gateway of the options: a running one, one in this process, or the demo.
 *
 * @throws {ConfigError} for contradicting options and invalid settings
 */
export async function loadMcpGateway(options: McpGatewayOptions, overrides: readonly Setting[]): Promise<McpGateway> {
  checkOptions(options);
  const { url, config: file, demo, inProcess } = options;
  if (demo) return loadDemo(file, overrides);
  if (url !== undefined || (!inProcess && file === undefined)) {
    const { mcp } = await loadConfig({ file, environment: process.env, options: overrides });
    return { settings: mcp, connect: () => connectRunning(options) };
  }
  // A gateway's code is loaded only if it is needed.
  const { loadInProcessConfig, startInProcess } = await import('../in-process-gateway.ts');
  const config = await loadInProcessConfig(file, overrides);
  return {
    settings: config.mcp,
    connect: (scopes) => startInProcess(config, { caller: CALLER, scopes, keepsInventory: true }),
  };
}

function checkOptions({ url, tokenFile, inProcess, config, demo }: McpGatewayOptions): void {
  const local = demo ? '--demo' : inProcess ? '--in-process' : undefined;
  const ignored = [
    demo && inProcess && '--in-process',
    local !== undefined && url !== undefined && '--url',
    tokenFile !== undefined && url === undefined && (local ?? config) !== undefined && '--token-file',
  ].filter((each) => typeof each === 'string');
  if (ignored.length > 0)
    throw new ConfigError(
      `${ignored.join(' and ')} cannot be combined with ${local ?? '--config'}; remove one of them`,
    );
}

/** The simulator has no address before it starts, which the settings of `mcp` do not need. */
const UNKNOWN_URL = 'http://127.0.0.1:1';

async function loadDemo(file: string | undefined, overrides: readonly Setting[]): Promise<McpGateway> {
  const { loadInProcessConfig, startInProcess } = await import('../in-process-gateway.ts');
  const { DEMO_INVENTORY, demoSettings, useSimulator } = await import('../demo-settings.ts');
  const load = (url: string) =>
    loadInProcessConfig(file, overrides, { ...demoSettings(url), inventory: DEMO_INVENTORY });
  return {
    settings: (await load(UNKNOWN_URL)).mcp,
    async connect(scopes) {
      const { startWorld } = await import('../world.ts');
      const simulator = await startWorld({}, { port: 0 });
      try {
        const config = useSimulator(await load(simulator.url), simulator.url);
        const gateway = await startInProcess(config, { caller: CALLER, scopes, keepsInventory: true });
        return {
          ...gateway,
          async close() {
            await gateway.close();
            await simulator.close();
          },
        };
      } catch (error) {
        await simulator.close();
        throw error;
      }
    },
  };
}
