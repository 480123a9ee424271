import { expect, test } from 'vitest';
import { type Demo, type DemoOptions, type LogLine, startDemo as startAnyDemo } from '../support/gateway.ts';
import { send } from '../support/http.ts';

/** The details, on the metrics' port; `/ready` itself agrees with them, and has none. */
async function ready(demo: Demo) {
  const { status, text } = await send(`${new URL('/ready', demo.gateway.metricsUrl)}`);
  const body = JSON.parse(text);
  expect(await publicReady(demo)).toEqual({ status, text: `{"ready":${body.ready}}\n` });
  return { status, body };
}

async function publicReady(demo: Demo) {
  const { status, text } = await send(`${new URL('/ready', demo.url)}`);
  return { status, text };
}

const startDemo = ({ config, ...options }: DemoOptions = {}) =>
  startAnyDemo({ ...options, config: { metrics: { port: 0 }, ...config } });

const names = ['partner', 'customer', 'standalone'];

test('is ready when AWS responds to every principal, also with an error such as for an account in no organization', async () => {
  await using demo = await startDemo();
  expect(await ready(demo)).toEqual({
    status: 200,
    body: { ready: true, principals: names.map((name) => ({ name, ready: true })) },
  });
});

test('any number of probes costs one call per principal, and none after another call has succeeded', async () => {
  await using demo = await startDemo();
  await demo.query('{ organization { roots { nodes { id } } } }');
  demo.simulator.control.resetRequests();
  await Promise.all(Array.from({ length: 20 }, () => publicReady(demo)));
  await ready(demo);
  expect(demo.simulator.control.requestCount()).toBe(2);
  expect(demo.simulator.control.requestCount('DescribeOrganization', '111111111111')).toBe(0);
});

test('a gateway that cannot reach AWS is alive but not ready, and names principal and reason', async () => {
  await using demo = await startDemo({ config: { upstream: { callTimeoutMs: 500 } } });
  await demo.simulator.close();
  expect(await ready(demo)).toEqual({
    status: 503,
    body: { ready: false, principals: names.map((name) => ({ name, ready: false, code: 'UPSTREAM_UNAVAILABLE' })) },
  });
  expect((await send(`${new URL('/health', demo.url)}`)).status).toBe(200);
});

test('names the one principal that AWS does not answer, and is ready again after its next reply', async () => {
  await using demo = await startDemo();
  const end = demo.simulator.control.fail({ accountId: '444444444444', failure: { kind: 'reset' } });
  expect(await ready(demo)).toMatchObject({
    status: 503,
    body: { principals: [{ ready: true }, { name: 'customer', ready: false }, { ready: true }] },
  });
  end();
  expect((await ready(demo)).status).toBe(503);
  await demo.query('{ organization { roots { nodes { id } } } }', {}, { principal: 'customer' });
  expect((await ready(demo)).status).toBe(200);
});

test('a probe takes no longer than its time limit while AWS hangs', async () => {
  await using demo = await startDemo();
  // Longer than the test may take.
  demo.simulator.control.setLatency(3_600_000, 'DescribeOrganization');
  const { status, body } = await ready(demo);
  expect(status).toBe(503);
  expect(body.principals[0]).toEqual({ name: 'partner', ready: false, code: 'UPSTREAM_TIMEOUT' });
});

test('names a principal without valid credentials and stays ready for the others; is not ready if none has credentials', async () => {
  const broken = (name: string) => ({ name, credentials: { type: 'profile' as const, profile: 'there-is-none' } });
  const start = (options: DemoOptions) => startDemo(options);
  await using simulated = await start({});
  const good = {
    name: 'good',
    endpoint: simulated.simulator.url,
    credentials: { type: 'static' as const, accessKeyId: '111111111111', secretAccessKey: 'hunter2-secret' },
  };
  await using some = await start({ config: { principals: [good, broken('bad')] } });
  expect(await ready(some)).toEqual({
    status: 200,
    body: {
      ready: true,
      principals: [
        { name: 'good', ready: true },
        { name: 'bad', ready: false, code: 'UPSTREAM_CREDENTIALS' },
      ],
    },
  });
  await using none = await start({ config: { principals: [broken('bad')] } });
  expect(await ready(none)).toMatchObject({ status: 503, body: { ready: false } });
});

test('is not ready while a configured Redis is unreachable', async () => {
  await using demo = await startDemo({ config: { redis: { url: 'redis://127.0.0.1:1' } } });
  expect(await ready(demo)).toMatchObject({
    status: 503,
    body: { ready: false, redis: { ready: false }, principals: [{ ready: true }, { ready: true }, { ready: true }] },
  });
});

test('logs readiness when it changes, not with each probe', async () => {
  const lines: LogLine[] = [];
  await using demo = await startDemo({ config: { log: { level: 'info' } }, onLog: (line) => lines.push(line) });
  const end = demo.simulator.control.fail({ accountId: '444444444444', failure: { kind: 'reset' } });
  for (let n = 0; n < 3; n += 1) expect((await publicReady(demo)).status).toBe(503);
  end();
  await demo.query('{ organization { roots { nodes { id } } } }', {}, { principal: 'customer' });
  for (let n = 0; n < 3; n += 1) expect((await publicReady(demo)).status).toBe(200);
  expect(lines.filter(({ msg }) => /ready$|ready again/.test(`${msg}`)).slice(1)).toMatchObject([
    { level: 40, msg: 'not ready', principals: [{ name: 'customer', code: 'UPSTREAM_UNAVAILABLE' }] },
    { level: 30, msg: 'ready again' },
  ]);
});

test('the public port names no principal, whatever path, method or header is sent', async () => {
  await using demo = await startDemo();
  for (const path of ['/ready', '/ready?details', '/ready/', '/of/any/ready', '/health'])
    for (const method of ['GET', 'HEAD', 'POST', 'OPTIONS'])
      for (const accept of ['*/*', 'application/json', 'text/html']) {
        const { text } = await send(`${new URL(path, demo.url)}`, {
          method,
          headers: { accept, 'content-length': '0' },
        });
        for (const name of names) expect(text, `${method} ${path}`).not.toContain(name);
      }
});
