import { demoSettings } from '../../src/cli/demo-settings.ts';
import { configSchema } from '../../src/config/index.ts';
import { createGateway } from '../../src/gateway.ts';
import { unlimited } from '../unlimited.ts';
import { answer, spent, used } from './process.ts';

let url = '';

answer({
  async start(argument) {
    const { simulator, pollMs } = argument as { simulator: string; pollMs: number };
    const settings = demoSettings(simulator);
    const upstream = { ...settings.upstream, budget: 'off' };
    const watch = { minIntervalMs: pollMs, maxIntervalMs: pollMs };
    const gateway = await createGateway(
      configSchema.parse({
        ...settings,
        port: 0,
        upstream,
        watch,
        limits: unlimited,
        log: { level: 'error', audit: false },
      }),
    );
    url = gateway.url.replace('http', 'ws');
    return url;
  },
  used,
  spent,
});
