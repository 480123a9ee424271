import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { configSchema } from '../../src/config/index.ts';
import { startNotifications } from '../../src/notifications/index.ts';
import { createWatcher } from '../../src/watcher/index.ts';
import { inviteByEmail } from '../support/invite.ts';
import { runs } from '../support/runs.ts';
import { startUpstream } from '../support/upstream.ts';
import { secret } from '../support/webhook-receiver.ts';

const quotas = {
  ...{ accounts: 5_000, inboundTransfers: 10, outboundTransfers: 1, transferChain: 1, aggregateTransfers: 1_000 },
};
const count = 20;
const hanging = 3;

it('each of many destinations receives all changes, though some hang', { timeout: 120_000 }, async () => {
  const changes = runs(1_000, 100);
  const received = Array.from({ length: count }, () => new Map<string, string>());
  const server = createServer((request, response) => {
    const index = Number(request.url?.slice(1));
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      const { id, subject } = JSON.parse(body);
      received[index]?.set(id, subject);
      if (index >= hanging) response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await using aws = await startUpstream({ simulator: { settings: { quotas } } });
  await aws.session().write('CreateOrganization', { FeatureSet: 'ALL' });
  const config = configSchema.parse({
    principals: [{ name: 'partner' }],
    watch: { minIntervalMs: 50, maxIntervalMs: 100 },
    notifications: received.map((_, index) => ({
      name: `destination-${index}`,
      principal: 'partner',
      events: ['handshake'],
      webhook: { url: `${url}/${index}`, secret, allowHttp: true, allowPrivateAddresses: true, timeoutMs: 120_000 },
    })),
  });
  const watcher = createWatcher(aws.upstream, config.watch);
  const partner = aws.principal('partner');
  const notifications = startNotifications(config.notifications, {
    ...{ watcher, upstream: aws.upstream, principals: [partner], log: pino({ level: 'silent' }) },
  });
  // What a destination reads first is not sent.
  const watched = () =>
    watcher
      .pollersOf(partner)
      .filter(({ lastReadOn, subscribers }) => lastReadOn !== undefined && subscribers === count);
  await expect.poll(() => watched().length, { timeout: 20_000 }).toBe(2);
  const ids = new Set<string>();
  for (let made = 0; made < changes; made += 10) {
    const names = Array.from({ length: 10 }, (_, index) => `a${made + index}`);
    for (const id of await Promise.all(names.map((name) => inviteByEmail(aws, name)))) ids.add(id);
  }
  const healthy = received.slice(hanging);
  await expect.poll(() => healthy.every(({ size }) => size >= changes), { timeout: 60_000, interval: 50 }).toBe(true);
  for (const events of healthy) expect(new Set(events.values())).toEqual(ids);
  // A destination that hangs has as many requests as one may have at a time.
  for (const events of received.slice(0, hanging)) expect(events.size).toBe(4);
  const pending = () => notifications.statuses.map((status) => status.pending);
  await expect.poll(pending).toEqual(received.map((_, index) => (index < hanging ? changes : 0)));
  await notifications.close();
  await watcher.close();
  server.closeAllConnections();
  server.close();
});
