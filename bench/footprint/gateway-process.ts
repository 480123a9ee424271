import { demoSettings } from '../../src/cli/demo-settings.ts';
import { configSchema } from '../../src/config/index.ts';
import { createGateway } from '../../src/gateway.ts';
import { answer } from '../watch/process.ts';
import { alive } from './alive.ts';

/** Nothing listens there, and nothing is asked of it. */
const NOWHERE = 'http://127.0.0.1:9';

answer({
  /** Answers its URL. */
  async start() {
    const settings = { ...demoSettings(NOWHERE), port: 0, log: { level: 'silent', audit: false } };
    const gateway = await createGateway(configSchema.parse(settings));
    return gateway.url.replace('http', 'ws');
  },
  alive,
});
