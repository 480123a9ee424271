import { expect, test } from 'vitest';
import { addressKey } from '../../src/pipeline/operation.ts';
import { ClientAddresses } from '../../src/transport/connections.ts';

const none = new ClientAddresses([]);
const proxied = new ClientAddresses(['10.0.0.0/8', '192.0.2.1', '2001:db8:1::/48']);

test.each([
  ['the connection, without trusted proxies', none, '203.0.113.7', '198.51.100.1', '203.0.113.7'],
  ['the connection, when it is no trusted proxy', proxied, '203.0.113.7', '198.51.100.1', '203.0.113.7'],
  ['what a trusted proxy names', proxied, '10.1.2.3', '198.51.100.1', '198.51.100.1'],
  ['the last one that is no trusted proxy', proxied, '10.1.2.3', '1.1.1.1, 198.51.100.1, 192.0.2.1', '198.51.100.1'],
  ['the first one, when all are trusted proxies', proxied, '10.1.2.3', '10.9.9.9, 192.0.2.1', '10.9.9.9'],
  ['what a trusted IPv6 proxy names', proxied, '2001:db8:1::5', '2001:db8:2::7', '2001:db8:2::7'],
  ['the proxy, when it names something else than an address', proxied, '10.1.2.3', 'localhost', '10.1.2.3'],
  ['the proxy, when it names nothing', proxied, '10.1.2.3', undefined, '10.1.2.3'],
  ['IPv4 on an IPv6 socket as IPv4', none, '::ffff:203.0.113.7', undefined, '203.0.113.7'],
  ['IPv4 of a trusted proxy on an IPv6 socket', proxied, '::ffff:10.1.2.3', '198.51.100.1', '198.51.100.1'],
  ['"unknown" for a socket that is closed', none, undefined, '198.51.100.1', 'unknown'],
] as const)('a client’s address is %s', (_case, addresses, remote, forwarded, expected) => {
  expect(addresses.of(remote, forwarded)).toBe(expected);
});

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002:0:0:0:9', '2001:db8:1:2::/64'],
  ['2001:db8::6', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['unknown', 'unknown'],
])('limits count %s as %s', (address, key) => {
  expect(addressKey(address)).toBe(key);
});
