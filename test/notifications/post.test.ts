import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { HostLookups } from '../../src/notifications/host-lookups.ts';
import { PostClient, type PostOptions } from '../../src/notifications/post.ts';
import { isPublicAddress } from '../../src/notifications/safe-addresses.ts';
import { systemClock } from '../../src/upstream/index.ts';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

type Handler = Parameters<typeof createServer>[1];

async function serve(handler: NonNullable<Handler>) {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

/** Names that resolve to these addresses. */
const lookupsOf = (addresses: Readonly<Record<string, readonly string[]>>) =>
  new HostLookups((host, callback) =>
    callback(
      null,
      (addresses[host] ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    ),
  );

const send = (url: string, options: Partial<PostOptions> = {}, lookups = lookupsOf({}), isPublic = isPublicAddress) => {
  const client = new PostClient(
    { allowHttp: true, allowPrivateAddresses: false, timeoutMs: 2_000, ...options },
    { clock: systemClock, lookups, isPublic },
  );
  open.push(() => client.close());
  return client.send(url, { body: '{}', headers: {} }, new AbortController().signal);
};

it.each([
  ['127.0.0.1', false],
  ['127.9.9.9', false],
  ['0.0.0.0', false],
  ['10.1.2.3', false],
  ['172.16.0.1', false],
  ['172.32.0.1', true],
  ['192.168.1.1', false],
  ['100.64.0.1', false],
  ['169.254.169.254', false],
  ['168.63.129.16', false],
  ['224.0.0.1', false],
  ['255.255.255.255', false],
  ['192.0.0.192', false],
  ['8.8.8.8', true],
  ['::', false],
  ['::1', false],
  ['fe80::1', false],
  ['fe80::1%eth0', false],
  ['fd00:ec2::254', false],
  ['::ffff:127.0.0.1', false],
  ['::ffff:a9fe:a9fe', false],
  ['::ffff:8.8.8.8', true],
  ['64:ff9b::a9fe:a9fe', false],
  ['64:ff9b::808:808', true],
  ['2002:7f00:1::', false],
  ['2001:4860:4860::8888', true],
  ['hooks.example.com', false],
  ['', false],
])('%s is public: %s', (address, isPublic) => {
  expect(isPublicAddress(address)).toBe(isPublic);
});

it.each([
  'http://127.0.0.1/',
  'http://2130706433/',
  'http://0x7f.1/',
  'http://0177.0.0.1/',
  'http://0/',
  'http://[::1]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[::ffff:7f00:1]/',
  'http://169.254.169.254/latest/meta-data/',
])('%s is not connected to', async (url) => {
  await expect(send(url)).rejects.toThrow(/is not public \(webhook.allowPrivateAddresses\)/);
});

it('checks the address that a name resolves to when it connects, each time', async () => {
  let requests = 0;
  const port = await serve((_request, response) => {
    requests += 1;
    response.end();
  });
  const url = `http://rebound.example.com:${port}/`;
  await expect(send(url, {}, lookupsOf({ 'rebound.example.com': ['127.0.0.1'] }))).rejects.toThrow(
    'the address 127.0.0.1 is not public',
  );
  const isAllowed = { allowPrivateAddresses: true };
  expect(await send(url, isAllowed, lookupsOf({ 'rebound.example.com': ['127.0.0.1'] }))).toMatchObject({
    status: 200,
  });
  expect(requests).toBe(1);
  await expect(send(url, {}, lookupsOf({ 'rebound.example.com': ['::ffff:127.0.0.1'] }))).rejects.toThrow('not public');
  await expect(send(url, {}, lookupsOf({}))).rejects.toThrow('not public');
});

it.each([
  ['http://127.0.0.2/', 'the address 127.0.0.2 is not public'],
  ['http://other.example.com/', 'the address 127.0.0.3 is not public'],
  ['ftp://hooks.example.com/', 'ftp is not allowed'],
  ['http://user:password@hooks.example.com/', 'a URL with a user or a password'],
  ['http://', 'a redirect to an invalid URL'],
])('does not follow a redirect to %s', async (location, message) => {
  const port = await serve((_request, response) => response.writeHead(307, { location }).end());
  const lookups = lookupsOf({ 'first.example.com': ['127.0.0.1'], 'other.example.com': ['127.0.0.3'] });
  const isPublic = (address: string) => address === '127.0.0.1';
  await expect(send(`http://first.example.com:${port}/`, {}, lookups, isPublic)).rejects.toThrow(message);
});

it('does not use http unless it is allowed', async () => {
  await expect(send('http://8.8.8.8/', { allowHttp: false })).rejects.toThrow(
    'http is not allowed (webhook.allowHttp)',
  );
});

it('ends a delivery that takes too long', async () => {
  const port = await serve(() => undefined);
  await expect(send(`http://127.0.0.1:${port}/`, { allowPrivateAddresses: true, timeoutMs: 100 })).rejects.toThrow(
    'no reply within 100 ms (webhook.timeoutMs)',
  );
});

it('does not read an endless reply', async () => {
  let isClosed = false;
  const port = await serve((_request, response) => {
    response.writeHead(200);
    const write = () => {
      while (!response.destroyed && response.write(Buffer.alloc(16_384)));
    };
    response.on('drain', write).on('close', () => {
      isClosed = true;
    });
    write();
  });
  expect(await send(`http://127.0.0.1:${port}/`, { allowPrivateAddresses: true })).toMatchObject({ status: 200 });
  await expect.poll(() => isClosed).toBe(true);
});

it('lookups that hang leave others their turn, and one host has one at a time', async () => {
  const hanging: (() => void)[] = [];
  const started: string[] = [];
  const lookups = new HostLookups((host, callback) => {
    started.push(host);
    const reply = () => callback(null, [{ address: '8.8.8.8', family: 4 }]);
    if (host.startsWith('slow')) hanging.push(reply);
    else reply();
  });
  const find = (host: string) => new Promise<void>((resolve) => lookups.find(host, () => resolve()));
  const slow = [find('slow-1'), find('slow-1')];
  await find('fast-1');
  expect(started).toEqual(['slow-1', 'fast-1']);
  // It counts as slow after a second. Then a further slow host does not take the other turn.
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  for (const reply of hanging.splice(0)) reply();
  await Promise.all(slow);
  const again = find('slow-1');
  const second = find('slow-2');
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  for (const reply of hanging.splice(0)) reply();
  await Promise.all([again, second]);
  const both = [find('slow-1'), find('slow-2')];
  await find('fast-2');
  for (const reply of hanging.splice(0)) reply();
  await expect.poll(() => hanging.length).toBe(1);
  for (const reply of hanging.splice(0)) reply();
  await Promise.all(both);
});
