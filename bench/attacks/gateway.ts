import { createHash } from 'node:crypto';
import { demoSettings } from '../../src/cli/demo-settings.ts';
import { type ConfigInput, configSchema } from '../../src/config/index.ts';
import { createGateway } from '../../src/gateway.ts';
import { serveParent } from './child.ts';

/** A gateway as deployed: default settings, with its log at `info` to the null device. */
const [simulatorUrl = '', auth = '', ...keys] = process.argv.slice(2);
const settings = demoSettings(simulatorUrl);
const callers = keys.map((key, index) => ({
  name: index === 0 ? 'honest' : `attacker-${index}`,
  hash: `sha256:${createHash('sha256').update(key).digest('hex')}`,
  principals: ['partner'],
  scopes: ['read' as const],
}));
const gateway = await createGateway(
  configSchema.parse({
    ...settings,
    port: 0,
    upstream: { ...settings.upstream, budget: 'off' },
    auth: auth === 'none' ? { type: 'none' } : { type: 'apiKeys', keys: callers },
    hints: { eventbridge: { apiKey: 'a-key-that-attacks-do-not-know' } },
    log: { level: 'warn', audit: true },
  } satisfies ConfigInput),
);
serveParent({ url: gateway.url });
