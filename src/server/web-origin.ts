import { isLoopback } from '../config/loopback.ts';

/** The headers that these rules read, whatever carries them. */
export interface HeaderReader {
  get(name: string): string | null | undefined;
}

/**
 * Whether a request's Host is one that this server goes by. A page elsewhere can make its own name resolve to 127.0.0.1
 * (DNS rebinding) and then reads what listens there as its own origin; its Host header gives it away.
 * Servers that listen on other addresses go by names that they cannot know, so there every well-formed Host passes.
 */
export function isOwnHost(listeningOn: string, host: string | undefined): boolean {
  const url = `http://${host ?? 'localhost'}`;
  if (host === '' || !URL.canParse(url)) return false;
  return !isLoopback(listeningOn) || (host !== undefined && isLoopback(new URL(url).hostname));
}

/**
 * Whether a browser sends this on behalf of a page of another origin. Browsers say so in Sec-Fetch-Site, older ones by an Origin
 * that differs from the Host; scripts in a page can set neither. Other clients send neither header, and pass.
 */
export function isCrossOrigin(headers: HeaderReader): boolean {
  const site = headers.get('sec-fetch-site');
  if (site) return site !== 'same-origin' && site !== 'none';
  const origin = headers.get('origin');
  if (!origin) return false;
  return !URL.canParse(origin) || new URL(origin).host !== headers.get('host');
}
