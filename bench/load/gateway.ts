import { demoSettings } from '../../src/cli/demo-settings.ts';
import { configSchema } from '../../src/config/index.ts';
import { createGateway } from '../../src/gateway.ts';
import { unlimited } from '../unlimited.ts';
import { serve } from './serve.ts';

const [simulatorUrl = '', deadlineMs = ''] = process.argv.slice(2);
const gateway = await createGateway(
  configSchema.parse({
    ...demoSettings(simulatorUrl),
    port: 0,
    limits: unlimited,
    upstream: { budget: 'documented', deadlineMs: Number(deadlineMs), callTimeoutMs: 2_000 },
    log: { level: 'silent', audit: false },
  }),
);
serve(gateway.url);
