// The simulator and the gateway, with the console: the demo, or a large organization with its copy.
import { demoSettings } from '../../src/cli/demo-settings.ts';
import { configSchema } from '../../src/config/index.ts';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import { startSimulator } from '../../src/simulator/index.ts';
import { furnish } from '../inventory/world.ts';
import { unlimited } from '../unlimited.ts';
import { answer } from '../watch/process.ts';

/** Without a size, the demo world. */
export interface GatewayOptions {
  readonly size?: { readonly accounts: number; readonly policies: number };
}

let gateway: Gateway | undefined;

answer({
  async start(argument) {
    const { size } = argument as GatewayOptions;
    const simulator = await startSimulator(
      size === undefined ? {} : { seed: 'empty', account: '111111111111', accounts: size.accounts },
    );
    if (size !== undefined) furnish(simulator, size);
    const settings = demoSettings(simulator.url);
    gateway = await createGateway(
      configSchema.parse({
        ...settings,
        port: 0,
        // The copy is read once: a sweep during a measurement would take a core from the browser.
        inventory: [{ principal: 'partner', maxAgeMs: 86_400_000, tagsMaxAgeMs: 86_400_000, budgetShare: 0.8 }],
        upstream: { budget: 'off' },
        limits: { ...unlimited, values: 1e9 },
        log: { level: 'error', audit: false },
      }),
    );
    return gateway.url;
  },
  close: () => gateway?.close(),
});
