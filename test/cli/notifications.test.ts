import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it } from 'vitest';
import { finishInProcess } from '../support/cli.ts';
import { startDemo } from '../support/gateway.ts';
import { secret, WebhookReceiver } from '../support/webhook-receiver.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'orgql-notifications-'));
let child: ChildProcess | undefined;

afterAll(() => rmSync(folder, { recursive: true }));
afterEach(async () => {
  if (child === undefined) return;
  child.kill();
  await once(child, 'exit');
  child = undefined;
});

const destinationTo = (url: string) => ({
  name: 'desk',
  principal: 'default',
  events: ['handshake'],
  webhook: { url, secret, allowHttp: true, allowPrivateAddresses: true },
});

const configFor = (url: string): string => {
  const file = join(folder, 'orgql.json');
  writeFileSync(file, JSON.stringify({ notifications: [destinationTo(url)] }));
  return file;
};

it('orgql notifications test sends a signed sample, and reports a failure', async () => {
  await using receiver = await WebhookReceiver.start();
  const config = configFor(receiver.url);
  expect(await finishInProcess(['notifications', 'test', 'desk', '--config', config])).toEqual({
    ...{ code: 0, stdout: 'delivered a sample to desk\n', stderr: '' },
  });
  expect(receiver.delivered[0]).toMatchObject({ type: 'dev.orgql.test.v1', data: { destination: 'desk' } });
  expect(receiver.problems).toEqual([]);
  receiver.reply = () => ({ status: 500 });
  expect(await finishInProcess(['notifications', 'test', 'desk', '--config', config])).toMatchObject({
    ...{ code: 1, stderr: 'orgql: desk: the sample is not delivered: the receiver replied with status 500\n' },
  });
  expect(await finishInProcess(['notifications', 'test', 'dask', '--config', config])).toMatchObject({
    code: 2,
    stderr: 'orgql: there is no destination "dask" in notifications; known are desk; did you mean desk?\n',
  });
});

it('orgql notifications retry lets a gateway send again', async () => {
  await using receiver = await WebhookReceiver.start();
  await using demo = await startDemo({
    config: { notifications: [{ ...destinationTo(receiver.url), principal: 'partner', events: ['handshake'] }] },
  });
  const retry = (name: string) => finishInProcess(['notifications', 'retry', name, '--url', demo.url]);
  expect(await retry('desk')).toMatchObject({ code: 0, stdout: 'desk: 0 dead letters are sent again\n' });
  expect(await retry('dask')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('the principal has no destination "dask". It has desk.'),
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

it('the Node receiver in docs/notifications.md accepts signed events, and no others', async () => {
  const page = readFileSync(join(root, 'docs/notifications.md'), 'utf8');
  const [, code = ''] = /^```js\n(.*?)^```$/ms.exec(page) ?? [];
  writeFileSync(join(folder, 'receiver.mjs'), code);
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const port = await freePort();
  const env = { PATH: process.env['PATH'], WEBHOOK_SECRET: secret, PORT: String(port) };
  child = spawn(process.execPath, [join(folder, 'receiver.mjs')], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  const url = `http://127.0.0.1:${port}/`;
  const forged = () => fetch(url, { method: 'POST', body: '{}' }).catch(() => undefined);
  await expect.poll(async () => (await forged())?.status, { timeout: 10_000 }).toBe(400);
  const result = await finishInProcess(['notifications', 'test', 'desk', '--config', configFor(url)]);
  expect(result).toMatchObject({ code: 0 });
  await expect.poll(() => printed).toContain('dev.orgql.test.v1');
});
