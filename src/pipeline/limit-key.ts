import { isIP } from 'node:net';
import { type Caller, isAnonymous } from '../principal/index.ts';

/** See `Operation.limitKey`. */
export function limitKeyOf(caller: Caller, address: string): string {
  return isAnonymous(caller) ? addressLimitKey(address) : `caller ${caller.name}`;
}

/** What counts by a client's address. See `Operation.limitKey`. */
export function addressLimitKey(address: string): string {
  return `address ${addressKey(address)}`;
}

/** The caller's name in a `limitKey`; undefined for an address. */
export function callerOf(limitKey: string | undefined): string | undefined {
  return limitKey?.startsWith('caller ') ? limitKey.slice('caller '.length) : undefined;
}

/**
 * What limits count by: an IPv4 address, or the /64 of an IPv6 address, as one host usually has all of a /64.
 * https://www.rfc-editor.org/rfc/rfc6177
 */
export function addressKey(address: string): string {
  if (isIP(address) !== 6) return address;
  // The URL parser writes every IPv6 address in its shortest form.
  const groups = new URL(`http://[${address.split('%')[0]}]`).hostname.slice(1, -1).split('::');
  const head = groups[0]?.split(':') ?? [];
  const tail = groups[1]?.split(':').filter(Boolean) ?? [];
  const zeros = Array.from({ length: 8 - head.filter(Boolean).length - tail.length }, () => '0');
  const full = groups.length === 1 ? head : [...head.filter(Boolean), ...zeros, ...tail];
  return `${full.slice(0, 4).join(':')}::/64`;
}

/** Whom a limit per caller holds for, in words. */
export function subject({
  caller,
  carrier,
}: {
  readonly caller: Caller;
  readonly carrier: { readonly address: string };
}): string {
  return isAnonymous(caller) ? `The address ${carrier.address}` : `The caller "${caller.name}"`;
}
