import { demoSettings } from '../../src/cli/demo-settings.ts';
import { configSchema } from '../../src/config/index.ts';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import { answer, spent, used } from '../watch/process.ts';

let gateway: Gateway | undefined;
const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

answer({
  /** Starts a gateway that sends invitations to this number of destinations. Resolves when it watches them. */
  async start(argument) {
    const { simulator, receivers, count } = argument as { simulator: string; receivers: string; count: number };
    const settings = demoSettings(simulator);
    gateway = await createGateway(
      configSchema.parse({
        ...settings,
        port: 0,
        upstream: { ...settings.upstream, budget: 'off' },
        watch: { minIntervalMs: 500, maxIntervalMs: 500 },
        log: { level: 'fatal', audit: false },
        notifications: Array.from({ length: count }, (_, index) => ({
          name: `destination-${index}`,
          principal: 'partner',
          events: ['handshake'],
          webhook: { url: `${receivers}/${index}`, secret, allowHttp: true, allowPrivateAddresses: true },
        })),
      }),
    );
    for (;;) {
      const response = await fetch(gateway.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: '{ gatewayStatus { pollers { lastReadAt } notifications { state } } }' }),
      });
      const { data } = (await response.json()) as {
        data: { gatewayStatus: { pollers: { lastReadAt: string | null }[]; notifications: { state: string }[] } };
      };
      const { pollers, notifications } = data.gatewayStatus;
      const isRead = pollers.length === 2 && pollers.every(({ lastReadAt }) => lastReadAt !== null);
      if (isRead && notifications.every(({ state }) => state === 'ACTIVE')) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  },
  async stop() {
    await gateway?.close();
  },
  spent,
  used,
});
