import { pino } from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { configSchema } from '../../src/config/index.ts';
import { startMetrics } from '../../src/transport/metrics/index.ts';
import { createReadiness } from '../../src/transport/readiness.ts';
import { createWatcher } from '../../src/watcher/index.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { scrape } from '../support/metrics.ts';
import { startUpstream } from '../support/upstream.ts';
import { Reader } from '../watcher/support/reader.ts';

it('an overdue poller makes the gateway not ready and is counted, until it reads again', async () => {
  await using aws = await startUpstream();
  await aws.session().write('CreateOrganization', { FeatureSet: 'ALL' });
  const clock = new ManualClock(Date.now());
  const config = configSchema.parse({ metrics: { port: 0 } });
  const watcher = createWatcher(aws.upstream, config.watch, { clock });
  onTestFinished(() => watcher.close());
  const { upstream } = aws;
  const readiness = createReadiness([aws.principal()], upstream, undefined, watcher);
  const log = pino({ level: 'silent' });
  const metrics = await startMetrics(config.metrics ?? { host: '', port: 0 }, { upstream, watcher, readiness, log });
  onTestFinished(() => metrics.close());
  const overdue = async () => (await scrape(metrics.url)).get('orgql_watch_overdue_pollers');

  const reader = new Reader(watcher.watch(aws.principal(), 'organizationHandshakes'));
  await expect
    .poll(async () => {
      await clock.advance(1);
      return reader.types;
    })
    .toBe('BOOKMARK');
  expect(await readiness()).toEqual({ ready: true, principals: [{ name: 'partner', ready: true }] });
  expect(await overdue()).toBe(0);

  const release = aws.simulator.control.fail({ operation: 'ListHandshakesForOrganization', failure: { kind: 'hang' } });
  await clock.advance(120_000);
  expect(await readiness()).toEqual({
    ready: false,
    principals: [{ name: 'partner', ready: true }],
    overduePollers: [{ principal: 'partner', list: 'organizationHandshakes', overdueMs: expect.any(Number) }],
  });
  expect(await overdue()).toBe(1);

  release();
  await clock.advance(config.watch.pollDeadlineMs);
  await expect
    .poll(async () => {
      await clock.advance(1_000);
      return (await readiness()).ready;
    })
    .toBe(true);
  expect(await overdue()).toBe(0);
});
