import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { finishInProcess } from '../support/cli.ts';
import { startDemo } from '../support/gateway.ts';
import { secret, WebhookReceiver } from '../support/webhook-receiver.ts';

const folder = mkdtempSync(join(tmpdir(), 'orgql-notifications-'));

afterAll(() => rmSync(folder, { recursive: true }));

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
