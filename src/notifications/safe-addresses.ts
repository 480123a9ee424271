import ipaddr from 'ipaddr.js';

/** Azure's platform service, which has a public address. */
const metadataAddresses: ReadonlySet<string> = new Set(['168.63.129.16']);

/**
 * Whether an address is on the public Internet: neither loopback, private, link-local (with AWS's metadata service),
 * shared, reserved nor multicast, also if it is written as IPv6.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  const range: string = address.range();
  // NAT64: the last 32 bits are the IPv4 address that is connected to.
  if (address.kind() === 'ipv6' && range === 'rfc6052')
    return isPublicAddress(address.toByteArray().slice(-4).join('.'));
  return range === 'unicast' && !metadataAddresses.has(address.toString());
}

/** The IP address of a URL's host, which `URL` has normalized; undefined if it is a name. */
export function literalAddress({ hostname }: URL): string | undefined {
  const host = hostname.replace(/^\[|\]$/g, '');
  return ipaddr.isValid(host) ? host : undefined;
}
