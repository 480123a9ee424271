import { BlockList, isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Config } from '../config/index.ts';
import { addressKey, callerOf } from '../pipeline/operation.ts';
import type { SecurityLog } from '../pipeline/security-log.ts';
import type { IncomingRequest } from './http/http-response.ts';

/** The address that is reported for a closed socket. */
const UNKNOWN = 'unknown';

/**
 * Finds the address of a client: the one of its connection or, when that is a trusted proxy, the last one in
 * `X-Forwarded-For` that is not a trusted proxy. Each proxy appends the address of its client, so that everything
 * before it may be invented.
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

  ofRequest({ socket, headers }: Pick<IncomingRequest, 'socket' | 'headers'>): string {
    return this.of(socket.remoteAddress, headers['x-forwarded-for']?.toString());
  }

  #isTrusted(address: string): boolean {
    return this.#trusted?.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4') ?? false;
  }
}

/** IPv4 in an IPv6 socket, as IPv4. */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');

/**
 * `proxy`: the connection of a trusted proxy carries requests of many clients, so its address and credentials do not
 * count.
 */
export type ConnectionState = 'unauthenticated' | 'authenticated' | 'proxy';

interface Connection {
  readonly socket: Duplex;
  address: string;
  state: ConnectionState;
}

/** The connections of one address. */
interface AddressConnections {
  count: number;
  /** In the order in which they were opened. */
  readonly unauthenticated: Set<Connection>;
}

interface ConnectionsOptions {
  readonly limits: Pick<Config['limits'], 'connections' | 'connectionsPerAddress' | 'connectionsUnauthenticated'>;
  readonly trustedProxies: readonly string[];
  readonly securityLog: Pick<SecurityLog, 'report'>;
}

/**
 * All TCP connections of a server. Connections without valid credentials have places of their own: when all are taken,
 * the oldest connection of the address that has most of them is closed. Probes and new clients therefore always get in,
 * and one address cannot push out the others.
 */
export class Connections {
  readonly #limits: ConnectionsOptions['limits'];
  readonly addresses: ClientAddresses;
  readonly #securityLog: ConnectionsOptions['securityLog'];
  readonly #open = new Map<object, Connection>();
  readonly #perAddress = new Map<string, AddressConnections>();
  readonly #counts: Record<ConnectionState, number> = { unauthenticated: 0, authenticated: 0, proxy: 0 };

  constructor({ limits, trustedProxies, securityLog }: ConnectionsOptions) {
    this.#limits = limits;
    this.addresses = new ClientAddresses(trustedProxies);
    this.#securityLog = securityLog;
  }

  /** Counts a new connection, and closes it when its address has too many. */
  add(socket: Socket): void {
    const { remoteAddress } = socket;
    const isProxy = this.addresses.isTrustedProxy(remoteAddress);
    const address = this.addresses.of(remoteAddress, undefined);
    const connection: Connection = { socket, address, state: 'proxy' };
    this.#open.set(socket, connection);
    this.#counts.proxy += 1;
    socket.once('close', () => this.#forget(connection));
    if (!isProxy && !this.#count(connection, address)) this.#close(connection);
  }

  /** How many connections are open. */
  get counts(): Readonly<Record<ConnectionState, number>> {
    return this.#counts;
  }

  /** True when `limits.connections` are authenticated. */
  get isFull(): boolean {
    return this.#counts.authenticated >= this.#limits.connections;
  }

  /**
   * A WebSocket that came through a trusted proxy counts for the client that the proxy names. Returns false when that
   * address has too many connections: then the caller has to close this one. `address`: of the client. Has no effect on
   * other connections.
   */
  countForClient(socket: Duplex, address: string): boolean {
    const connection = this.#open.get(socket);
    if (connection?.state !== 'proxy') return true;
    return this.#count(connection, address);
  }

  /**
   * The client has shown valid credentials. Returns false when `limits.connections` have done so already: then the
   * caller has to close this one. `limitKey`: see `Operation.limitKey`. Has no effect on connections of another server.
   */
  authenticated(socket: object, limitKey: string): boolean {
    const connection = this.#open.get(socket);
    if (connection?.state !== 'unauthenticated') return true;
    if (this.isFull) {
      this.reportFull(connection.address, callerOf(limitKey));
      return false;
    }
    this.#perAddress.get(addressKey(connection.address))?.unauthenticated.delete(connection);
    this.#setState(connection, 'authenticated');
    return true;
  }

  /** Reports a connection that was rejected because `isFull`. */
  reportFull(address: string, caller?: string): void {
    this.#securityLog.report({ reason: 'connections_total', address, caller, setting: 'limits.connections' });
  }

  /** Counts a connection by its address. Returns false if the address has too many. */
  #count(connection: Connection, address: string): boolean {
    const { connectionsPerAddress, connectionsUnauthenticated } = this.#limits;
    const key = addressKey(address);
    const those = this.#perAddress.get(key) ?? { count: 0, unauthenticated: new Set() };
    if (those.count >= connectionsPerAddress) {
      const setting = 'limits.connectionsPerAddress';
      this.#securityLog.report({ reason: 'connections_per_address', address, setting });
      return false;
    }
    if (this.#counts.unauthenticated >= connectionsUnauthenticated) this.#evict();
    this.#perAddress.set(key, those);
    those.count += 1;
    those.unauthenticated.add(connection);
    connection.address = address;
    this.#setState(connection, 'unauthenticated');
    return true;
  }

  /** `close` is emitted in a later turn, but the place of a connection is free at once. */
  #close(connection: Connection): void {
    this.#forget(connection);
    connection.socket.destroy();
  }

  #forget(connection: Connection): void {
    if (!this.#open.delete(connection.socket)) return;
    this.#counts[connection.state] -= 1;
    if (connection.state === 'proxy') return;
    const key = addressKey(connection.address);
    const those = this.#perAddress.get(key);
    if (those === undefined) return;
    those.unauthenticated.delete(connection);
    those.count -= 1;
    if (those.count === 0) this.#perAddress.delete(key);
  }

  #setState(connection: Connection, state: ConnectionState): void {
    this.#counts[connection.state] -= 1;
    this.#counts[state] += 1;
    connection.state = state;
  }

  #evict(): void {
    let most: AddressConnections | undefined;
    for (const those of this.#perAddress.values())
      if (those.unauthenticated.size > (most?.unauthenticated.size ?? 0)) most = those;
    const [oldest] = most?.unauthenticated ?? [];
    if (oldest === undefined) return;
    const setting = 'limits.connectionsUnauthenticated';
    this.#securityLog.report({ reason: 'connections_unauthenticated', address: oldest.address, setting });
    this.#close(oldest);
  }
}
