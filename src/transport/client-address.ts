import { BlockList, isIP } from 'node:net';

/** The address of a client whose socket is gone already. */
const UNKNOWN = 'unknown';

/**
 * Finds the address of a client: the one of its connection or, when that is a trusted proxy, the last one in `X-Forwarded-For` that is not a trusted proxy.
 * Each proxy appends the address that it has seen, so that everything before it may be invented by the client.
 */
export class ClientAddresses {
  readonly #trusted: BlockList | undefined;

  /** `trustedProxies`: IP addresses and networks (CIDR). */
  constructor(trustedProxies: readonly string[]) {
    if (trustedProxies.length === 0) return;
    this.#trusted = new BlockList();
    for (const proxy of trustedProxies) {
      const [address = '', prefix] = proxy.split('/');
      const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
      if (prefix === undefined) this.#trusted.addAddress(address, family);
      else this.#trusted.addSubnet(address, Number(prefix), family);
    }
  }

  /** True when connections from this address carry requests of many clients. */
  isTrustedProxy(remoteAddress: string | undefined): boolean {
    return this.#trusted !== undefined && remoteAddress !== undefined && this.#isTrusted(plain(remoteAddress));
  }

  /** `remoteAddress`: of the connection. `forwardedFor`: the request's `X-Forwarded-For` header. */
  of(remoteAddress: string | undefined, forwardedFor: string | undefined): string {
    if (remoteAddress === undefined) return UNKNOWN;
    let client = plain(remoteAddress);
    if (this.#trusted === undefined || forwardedFor === undefined || !this.#isTrusted(client)) return client;
    for (const hop of forwardedFor.split(',').reverse()) {
      const address = plain(hop.trim());
      if (isIP(address) === 0) return client;
      client = address;
      if (!this.#isTrusted(client)) return client;
    }
    return client;
  }

  #isTrusted(address: string): boolean {
    return this.#trusted?.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4') ?? false;
  }
}

/** IPv4 in an IPv6 socket as IPv4. */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
