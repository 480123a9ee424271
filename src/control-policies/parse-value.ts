/** Parsers of the values that typed condition operators compare. Each returns undefined for other text. */

export function parseNumber(text: string): number | undefined {
  if (!/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : undefined;
}

export function parseBoolean(text: string): boolean | undefined {
  const lower = text.toLowerCase();
  return lower === 'true' ? true : lower === 'false' ? false : undefined;
}

/** Parses Base64 and returns it in canonical form. */
export function parseBase64(text: string): string | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return undefined;
  return Buffer.from(text, 'base64').toString('base64');
}

const isoDate = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)?)?)?)?$/i;

/**
 * Parses an ISO 8601 date and time or epoch seconds into epoch seconds. Four digits are a year. A time without a zone
 * is UTC.
 */
export function parseDate(text: string): number | undefined {
  const match = isoDate.exec(text);
  if (match === null) return /^-?\d{1,15}(?:\.\d{1,9})?$/.test(text) ? Number(text) : undefined;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => (part === undefined ? undefined : Number(part)));
  const date = new Date(0);
  // Date.UTC takes the years 0 to 99 for 1900 to 1999.
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const offset = parseOffset(match[8]);
  if (offset === undefined) return undefined;
  return date.getTime() / 1_000 + hour * 3_600 + (minute - offset) * 60 + second + Number(`0.${match[7] ?? 0}`);
}

/** Returns a zone's offset in minutes. */
function parseOffset(zone = 'Z'): number | undefined {
  if (zone.toUpperCase() === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(-2));
  if (hours > 23 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

/** 4 or 16 bytes. */
export type IpAddress = readonly number[];

export interface IpRange {
  readonly address: IpAddress;
  readonly prefixLength: number;
}

export function parseIpAddress(text: string): IpAddress | undefined {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

/** Parses CIDR notation. A range without a prefix length is one address. */
export function parseIpRange(text: string): IpRange | undefined {
  const [address = '', length, ...rest] = text.split('/', 3);
  const bytes = parseIpAddress(address);
  if (bytes === undefined || rest.length > 0) return undefined;
  const bits = bytes.length * 8;
  if (length === undefined) return { address: bytes, prefixLength: bits };
  if (!/^\d{1,3}$/.test(length) || Number(length) > bits) return undefined;
  return { address: bytes, prefixLength: Number(length) };
}

/** An IPv6 address is in no IPv4 range, also if it maps an IPv4 address. */
export function isInRange(actual: IpAddress, { address, prefixLength }: IpRange): boolean {
  if (actual.length !== address.length) return false;
  return address.every((byte, index) => {
    const bits = Math.min(8, Math.max(0, prefixLength - index * 8));
    const mask = (0xff << (8 - bits)) & 0xff;
    return (byte & mask) === ((actual[index] ?? 0) & mask);
  });
}

function parseIpv4(text: string): IpAddress | undefined {
  const parts = text.split('.', 5);
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) {
    return undefined;
  }
  return parts.map(Number);
}

function parseIpv6(text: string): IpAddress | undefined {
  const halves = text.split('::', 3);
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half, index) => parseGroups(half, index === halves.length - 1));
  if (head === undefined) return undefined;
  if (halves.length === 1) return head.length === 16 ? head : undefined;
  if (tail === undefined || head.length + tail.length > 14) return undefined;
  return [...head, ...Array.from({ length: 16 - head.length - tail.length }, () => 0), ...tail];
}

/** Parses groups of an IPv6 address into bytes. The address may end with an IPv4 address. */
function parseGroups(text: string, isEnd: boolean): IpAddress | undefined {
  if (text === '') return [];
  const groups = text.split(':', 9);
  const bytes = groups.map((group, index): IpAddress | undefined => {
    if (isEnd && index === groups.length - 1 && group.includes('.')) return parseIpv4(group);
    if (!/^[\da-f]{1,4}$/i.test(group)) return undefined;
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
  const known = bytes.filter((group) => group !== undefined);
  return known.length === bytes.length ? known.flat() : undefined;
}
