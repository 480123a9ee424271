import { demoSettings } from '../../src/cli/demo-settings.ts';
import { configSchema } from '../../src/config/index.ts';
import { createGateway } from '../../src/gateway.ts';
import { answer } from '../watch/process.ts';
import { alive } from './alive.ts';

/** A port without a listener, because the gateway receives no queries. */
const NOWHERE = 'http://127.0.0.1:9';

answer({
  /** Returns its URL. */
  async start() {
    const settings = { ...demoSettings(NOWHERE), port: 0, log: { level: 'silent', audit: false } };
    const gateway = await createGateway(configSchema.parse(settings));
    return gateway.url.replace('http', 'ws');
  },
  alive,
});
