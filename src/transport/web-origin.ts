import { isIP } from 'node:net';
import { isLoopback } from '../config/addresses.ts';
import { remembering } from '../pipeline/remembering.ts';

/** The headers that these rules read, whatever carries them. */
export interface HeaderReader {
  get(name: string): string | null | undefined;
}

/** By which names a server goes. */
export interface Address {
  /** What it listens on. */
  readonly host: string;
  readonly allowedHosts: readonly string[];
}

/** A host name, an IPv4 address or an IPv6 address in brackets, with or without a port: no user, no path, no white space. */
const HOST = /^(?:[\w.~-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i;

/** Whether a request has one Host at most, and one that names a host. Requests of HTTP/1.0 may have none. https://www.rfc-editor.org/rfc/rfc9112#section-3.2 */
export function isWellFormedHost(host: string | undefined, rawHeaders: readonly string[]): boolean {
  if (host === undefined) return true;
  if (!HOST.test(host)) return false;
  let count = 0;
  // Node keeps the first of several, where a proxy may have looked at another.
  for (let name = 0; name < rawHeaders.length; name += 2) if (rawHeaders[name]?.toLowerCase() === 'host') count += 1;
  return count <= 1;
}

/**
 * Whether a request's Host is one that this server goes by. A page elsewhere can make its own name resolve to this server's address
 * (DNS rebinding) and then reads what listens there as its own origin; its Host header gives it away. Such a Host is a name: who calls by an address, as
 * load balancers do to see whether the server is well, is not led by one.
 * A server that does not listen on loopback goes by names that it cannot know, so there every Host passes unless `allowedHosts` says which.
 */
export function isOwnHost(address: Address, host: string | undefined): boolean {
  let known = hosts.get(address);
  if (known === undefined) {
    known = remembering(MOST_HOSTS, (asked) => lookAtHost(address, asked));
    hosts.set(address, known);
  }
  return known(host);
}

/** No Host at all (HTTP/1.0) is not the same as an empty one. */
const hosts = new WeakMap<Address, (host: string | undefined) => boolean>();
/** A server goes by few names. */
const MOST_HOSTS = 100;

function lookAtHost({ host: listeningOn, allowedHosts }: Address, host: string | undefined): boolean {
  const url = `http://${host ?? 'localhost'}`;
  if (host === '' || !URL.canParse(url)) return false;
  const { hostname } = new URL(url);
  if (allowedHosts.some((allowed) => [host, hostname].includes(allowed.toLowerCase()))) return true;
  if (isLoopback(listeningOn)) return host !== undefined && isLoopback(hostname);
  return allowedHosts.length === 0 || isLoopback(hostname) || isIP(hostname.replace(/^\[|\]$/g, '')) !== 0;
}

/**
 * Whether a browser sends this on behalf of a page of another origin. Browsers say so in Sec-Fetch-Site, older ones by an Origin
 * that differs from the Host; scripts in a page can set neither. Other clients send neither header, and pass; so do pages of origins that are allowed.
 */
export function isCrossOrigin(headers: HeaderReader, allowedOrigins: readonly string[]): boolean {
  const origin = headers.get('origin');
  if (origin && allowedOrigins.includes(origin)) return false;
  const site = headers.get('sec-fetch-site');
  if (site) return site !== 'same-origin' && site !== 'none';
  if (!origin) return false;
  return !URL.canParse(origin) || new URL(origin).host !== headers.get('host');
}
